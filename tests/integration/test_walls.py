"""Who may see and do what, asked over HTTP."""

from typing import Any

from shared.kernel.ids import new_id


async def test_an_agent_sees_her_own_customers_and_nobody_elses(shop: Any) -> None:
    own = {one["email"] async for one in shop.people["paul"].every("/v1/customers")}
    known = {login.email for login in shop.logins.values()}  # other tests make customers of theirs

    assert own & known == {shop.logins["lucie"].email, shop.logins["chloe"].email}
    marc = await shop.customer_id("marc")
    answer = await shop.people["paul"].http.get(f"/v1/customers/{marc}")
    unknown = await shop.people["paul"].http.get(f"/v1/customers/{new_id()}")
    assert answer.status_code == unknown.status_code == 404
    assert answer.json()["code"] == unknown.json()["code"]


async def test_another_agents_order_is_not_there(shop: Any, key: dict[str, str]) -> None:
    marc = await shop.customer_id("marc")
    body = {"customer_id": marc, "lines": [{"sku": "THE-100", "quantity": 1}]}
    order = await shop.people["helene"].create("/v1/orders", key["Idempotency-Key"], body)

    assert (await shop.people["paul"].http.get(f"/v1/orders/{order['id']}")).status_code == 404
    assert (await shop.people["lucie"].http.get(f"/v1/orders/{order['id']}")).status_code == 404
    assert (await shop.people["marc"].http.get(f"/v1/orders/{order['id']}")).status_code == 200
    refused = await shop.people["paul"].http.post("/v1/orders", json=body, headers={"Idempotency-Key": str(new_id())})
    assert refused.status_code == 404


async def test_the_clerk_may_not_change_prices(shop: Any) -> None:
    product = (await shop.people["clerk"].get("/v1/products", sku="THE-100"))["items"][0]
    answer = await shop.people["clerk"].http.put(
        "/v1/prices/base/THE-100",
        json={"unit_price": {"amount": "1.00", "currency": "EUR"}},
        headers={"If-Match": f'"{product["version"]}"'},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


async def test_a_visitor_sees_public_prices_and_no_trace_of_another_groups(shop: Any) -> None:
    answer = await shop.people["visitor"].http.get("/v1/products", params={"sku": "CAFE-1KG"})

    (coffee,) = answer.json()["items"]
    assert coffee["variants"][0]["unit_price"]["amount"] == "24.90"
    answer = await shop.people["visitor"].http.get("/v1/products", params={"limit": "100"})
    for hidden in ("19.90", "9.90", "25.50", "2.95"):
        assert f'"{hidden}"' not in answer.text


async def test_a_customer_sees_the_price_of_his_group_and_an_agent_that_of_her_customer(shop: Any) -> None:
    lucie = await shop.customer_id("lucie")
    own = (await shop.people["lucie"].get("/v1/products", sku="CAFE-1KG"))["items"][0]["variants"][0]
    hers = (await shop.people["paul"].get("/v1/products", sku="CAFE-1KG", customer_id=lucie))["items"][0]["variants"][0]

    assert own["unit_price"] == hers["unit_price"] == {"amount": "19.90", "currency": "EUR"}
    marc = await shop.customer_id("marc")
    answer = await shop.people["paul"].http.get("/v1/products", params={"customer_id": marc})
    assert answer.status_code == 404


async def test_a_customer_sees_his_own_orders(shop: Any, key: dict[str, str]) -> None:
    body = {"lines": [{"sku": "MIEL-500", "quantity": 2}]}
    order = await shop.people["chloe"].create("/v1/orders", key["Idempotency-Key"], body)

    mine = (await shop.people["chloe"].get("/v1/orders"))["items"]
    assert order["id"] in {one["id"] for one in mine}
    assert {one["customer_id"] for one in mine} == {order["customer_id"]}


async def test_nobody_orders_without_signing_in(shop: Any, key: dict[str, str]) -> None:
    body = {"lines": [{"sku": "MIEL-500", "quantity": 2}]}
    answer = await shop.people["visitor"].http.post("/v1/orders", json=body, headers=key)

    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
