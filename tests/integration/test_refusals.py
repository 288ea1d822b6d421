"""What the shop refuses: goods it has not, prices nobody may set, edits of the past; each in a clear sentence."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id
from tests.integration.answers import euros, fresh_key, left, pointers, problem, refusal, refused, stocked


@pytest.fixture(scope="module")
async def sku(shop: Any) -> str:
    """Return what the refused orders of this module want; none may ever get a piece."""
    return await stocked(shop, 10)


@pytest.mark.parametrize("wanted", ["NO-SUCH-SKU", "'; DROP TABLE orders; --", "../../etc/passwd", "ÉTÉ-𝟙"])
async def test_an_unknown_sku_is_named_by_its_line(shop: Any, sku: str, wanted: str) -> None:
    lines = [{"sku": sku, "quantity": 1}, {"sku": wanted, "quantity": 1}]

    answer = await refused(shop, sku, {"lines": lines})

    assert refusal(answer) == (404, "PRODUCT_NOT_AVAILABLE")
    assert pointers(answer) == ["/lines/1/sku"]


async def test_more_than_there_is_is_out_of_stock_and_says_how_many_are_left(shop: Any, sku: str) -> None:
    for quantity in (11, 10**9):
        answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": quantity}]})

        assert refusal(answer) == (409, "OUT_OF_STOCK")
        (short,) = problem(answer)["details"]["items"]
        assert short == {"sku": sku, "requested": quantity, "available": 10}


async def test_the_same_sku_on_two_lines_is_refused_by_name(shop: Any, sku: str) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1}, {"sku": sku, "quantity": 2}]})

    assert refusal(answer) == (422, "DUPLICATE_LINE")
    assert pointers(answer) == ["/lines/1/sku"]


async def test_ST2_two_lines_of_one_sku_count_together(shop: Any, sku: str) -> None:
    lines = [{"sku": sku, "quantity": 6}, {"sku": sku, "quantity": 6, "discount_percent": "1"}]

    answer = await refused(shop, sku, {"lines": lines})

    assert refusal(answer) == (409, "OUT_OF_STOCK")


async def test_ST1_twenty_buyers_for_five_pieces(shop: Any) -> None:
    scarce = await stocked(shop, 5)
    lucie = await shop.customer_id("lucie")
    buyers = ("lucie", "chloe", "paul", "clerk") * 5

    async def buy(who: str) -> httpx.Response:
        body: dict[str, Any] = {"lines": [{"sku": scarce, "quantity": 1}]}
        body |= {"customer_id": lucie} if who in ("paul", "clerk") else {}
        headers = fresh_key()
        answer: httpx.Response = await shop.people[who].http.post("/v1/orders", json=body, headers=headers)
        return answer

    answers = await asyncio.gather(*map(buy, buyers))

    outcomes = Counter(answer.status_code if answer.is_success else problem(answer)["code"] for answer in answers)
    assert outcomes == {201: 5, "OUT_OF_STOCK": 15}
    assert await left(shop, scarce) == 0


async def test_another_currency_has_no_price(shop: Any, sku: str) -> None:
    answer = await refused(shop, sku, {"currency": "USD", "lines": [{"sku": sku, "quantity": 1}]})

    assert refusal(answer) == (409, "PRICE_UNAVAILABLE")
    assert pointers(answer) == ["/lines/0/sku"]
    assert "USD" in answer.text


@pytest.mark.parametrize("by_hand", [{"unit_price": euros("1.00")}, {"discount_percent": "1"}])
async def test_a_customer_sets_no_price(shop: Any, sku: str, by_hand: dict[str, Any]) -> None:
    body = {"customer_id": ..., "lines": [{"sku": sku, "quantity": 1} | by_hand]}

    answer = await refused(shop, sku, body, who="lucie")

    assert refusal(answer) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        ({"unit_price": euros("8.49")}, "unit_price"),
        ({"unit_price": euros("12.01")}, "unit_price"),
        ({"discount_percent": "15.01"}, "discount_percent"),
        ({"unit_price": euros("9.00"), "discount_percent": "10"}, "unit_price"),
    ],
)
async def test_an_agent_beyond_her_bounds_is_told_them(
    shop: Any, sku: str, by_hand: dict[str, Any], field: str
) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1} | by_hand]})

    assert refusal(answer) == (422, "AGENT_PRICE_BOUND")
    assert pointers(answer) == [f"/lines/0/{field}"]
    (bound,) = problem(answer)["details"]["bounds"]
    assert (bound["floor"], bound["ceiling"]) == (euros("8.50"), euros("12.00"))


async def test_a_key_is_needed_and_belongs_to_one_body(shop: Any) -> None:
    wanted, paul = await stocked(shop, 10), shop.people["paul"]
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": wanted, "quantity": 1}]}
    none = await paul.http.post("/v1/orders", json=body)
    unfit = [await paul.http.post("/v1/orders", json=body, headers={"Idempotency-Key": key}) for key in ("", "x" * 201)]
    key = fresh_key()
    first = await paul.http.post("/v1/orders", json=body, headers=key)
    again = await paul.http.post("/v1/orders", json=body, headers=key)
    other = await paul.http.post("/v1/orders", json=body | {"reference": "another"}, headers=key)
    hers = await shop.people["helene"].http.post("/v1/orders", json=body, headers=key)

    assert refusal(none) == (400, "IDEMPOTENCY_KEY_REQUIRED")
    assert {refusal(one) for one in unfit} == {(400, "IDEMPOTENCY_KEY_INVALID")}
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert refusal(other) == (422, "IDEMPOTENCY_MISMATCH")
    assert refusal(hers) == (404, "CUSTOMER_NOT_FOUND")  # her key, not his answer
    assert await left(shop, wanted) == 9


async def test_a_payment_must_fit_its_order(shop: Any) -> None:
    wanted, clerk = await stocked(shop, 10), shop.people["clerk"]
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": wanted, "quantity": 1}]}
    order = await shop.people["paul"].create("/v1/orders", str(new_id()), body)
    path, transfer = f"/v1/orders/{order['id']}/payments", {"value_date": "2026-11-20", "reference": "VIR"}

    async def paying(**changes: Any) -> tuple[int, str, list[str]]:
        headers = fresh_key()
        answer = await clerk.http.post(path, json=transfer | {"amount": euros("1.00")} | changes, headers=headers)
        return answer.status_code, problem(answer)["code"], pointers(answer)

    assert await paying(amount=euros("0")) == (422, "MALFORMED", ["/amount/amount"])
    assert await paying(amount=euros("-5")) == (422, "MALFORMED", ["/amount/amount"])
    assert await paying(amount={"amount": "1", "currency": "USD"}) == (422, "MALFORMED", ["/amount/currency"])
    assert await paying(value_date="yesterday") == (422, "MALFORMED", ["/value_date"])
    assert await paying(value_date="2026-02-30") == (422, "MALFORMED", ["/value_date"])
    assert await paying(reference=" ") == (422, "MALFORMED", ["/reference"])
    status, code, named = await paying(amount=euros("1.001"))
    assert (status, code) == (422, "MALFORMED")
    assert named[0].startswith("/amount")
    assert await paying(amount=euros("99999.00")) == (409, "OVER_PAYMENT", [])
    assert (await clerk.get(path))["items"] == []
    assert (await clerk.get(f"/v1/orders/{order['id']}"))["version"] == order["version"]


async def test_an_edit_names_the_version_it_saw(shop: Any) -> None:
    admin, path = shop.people["admin"], f"/v1/customers/{await shop.customer_id('chloe')}"
    before = await admin.http.get(path)
    etag, name = before.headers["ETag"], before.json()["name"]

    async def renamed(**headers: str) -> httpx.Response:
        answer: httpx.Response = await admin.http.patch(path, json={"name": name}, headers=headers)
        return answer

    assert refusal(await renamed()) == (428, "PRECONDITION_REQUIRED")
    for stale in ('"0"', '"999"', '"x"', "1", 'W/"1"', '"1", "2"'):
        answer = await renamed(**{"If-Match": stale})
        assert refusal(answer) == (412, "PRECONDITION_FAILED"), stale
    assert (await admin.http.get(path)).json() == before.json()

    assert (await renamed(**{"If-Match": etag})).status_code == 200
    assert (await renamed(**{"If-Match": etag})).status_code == 412


async def test_a_groups_price_is_set_once_freely_and_then_by_the_version_seen(shop: Any, sku: str) -> None:
    admin = shop.people["admin"]
    groups = (await admin.get("/v1/customer-groups"))["items"]
    path = f"/v1/prices/groups/{next(group['id'] for group in groups if group['code'] == 'reseller')}/{sku}"

    async def priced(amount: str, **headers: str) -> httpx.Response:
        answer: httpx.Response = await admin.http.put(path, json={"unit_price": euros(amount)}, headers=headers)
        return answer

    assert refusal(await admin.http.get(path)) == (404, "GROUP_PRICE_NOT_FOUND")
    assert refusal(await priced("9.00", **{"If-Match": '"1"'})) == (412, "PRECONDITION_FAILED")
    first = await priced("9.00")
    assert (first.status_code, (await priced("9.00")).json()) == (200, first.json())  # a repeat changes nothing
    assert refusal(await priced("8.00")) == (428, "PRECONDITION_REQUIRED")

    seen = await admin.http.get(path)
    assert (seen.headers["ETag"], seen.json()) == (first.headers["ETag"], first.json())
    assert (await priced("8.00", **{"If-Match": seen.headers["ETag"]})).status_code == 200
    assert refusal(await priced("7.00", **{"If-Match": seen.headers["ETag"]})) == (412, "PRECONDITION_FAILED")
    assert refusal(await shop.people["paul"].http.get(path)) == (403, "FORBIDDEN")
