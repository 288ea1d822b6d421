"""The main job: an agent sells, the shop is paid, the agent and her manager earn, everyone is told."""

from decimal import Decimal
from typing import Any

from shared.testing import eventually


async def place(shop: Any, who: str, key: dict[str, str], **changes: Any) -> Any:
    body = {"lines": [{"sku": "VIN-BDX", "quantity": 12}, {"sku": "CHOC-70", "quantity": 10}], **changes}
    return await shop.people[who].http.post("/v1/orders", json=body, headers=key)


async def earned(shop: Any, who: str) -> tuple[Decimal, Decimal]:
    dashboard = await shop.people[who].get("/v1/agents/me/dashboard")
    balances = dashboard["statement"]["balances"]
    euros = next((one for one in balances if one["currency"] == "EUR"), None)
    if euros is None:
        return Decimal(0), Decimal(0)
    return Decimal(euros["accrued"]["amount"]), Decimal(euros["earned"]["amount"])


async def test_a_sale_from_the_agents_order_to_everyones_mail(shop: Any, key: dict[str, str]) -> None:
    lucie = await shop.customer_id("lucie")
    before_paul, before_helene = await earned(shop, "paul"), await earned(shop, "helene")

    placed = await place(shop, "paul", key, customer_id=lucie)

    assert placed.status_code == 201, placed.text
    order = placed.json()
    assert placed.headers["Location"].endswith(f"/v1/orders/{order['id']}")
    # Resellers pay 9.90 and 2.95: 118.80 at 20 %, 29.50 at 5.5 %.
    assert order["status"] == "confirmed"
    assert (order["net"]["amount"], order["tax"]["amount"], order["total"]["amount"]) == ("148.30", "25.38", "173.68")
    assert order["placed_by"]["name"] == "Paul Petit"
    assert order["placed_by"]["on_behalf_of"] == lucie

    async def accrued() -> None:
        now = await earned(shop, "paul")
        assert now[0] - before_paul[0] == Decimal("7.42")  # 5 % of 148.30, half up
        over = await earned(shop, "helene")
        assert over[0] - before_helene[0] == Decimal("0.74")  # 10 % of the earning below

    await eventually(accrued)

    async def told_once() -> None:
        number = str(order["number"])
        to_customer = [mail for mail in await shop.mails(shop.logins["lucie"].email) if number in mail["subject"]]
        to_agent = [mail for mail in await shop.mails(shop.logins["paul"].email) if number in mail["subject"]]
        assert (len(to_customer), len(to_agent)) == (1, 1)

    await eventually(told_once)

    waiting = await shop.people["clerk"].get("/v1/orders", payment_status="awaiting")
    assert order["id"] in {one["id"] for one in waiting["items"]}
    transfer = {"amount": order["total"], "value_date": "2026-11-20", "reference": f"VIR {order['number']}"}
    paid = await shop.people["clerk"].create(f"/v1/orders/{order['id']}/payments", key["Idempotency-Key"], transfer)
    assert paid["payment_status"] == "paid"

    async def commission_is_earned() -> None:
        now, over = await earned(shop, "paul"), await earned(shop, "helene")
        assert now[1] - before_paul[1] == Decimal("7.42")
        assert over[1] - before_helene[1] == Decimal("0.74")
        dashboard = await shop.people["paul"].get("/v1/agents/me/dashboard")
        assert order["id"] in {one["id"] for one in dashboard["latest_orders"]}

    await eventually(commission_is_earned)

    async def customer_hears_of_the_payment() -> None:
        number = str(order["number"])
        assert len([mail for mail in await shop.mails(shop.logins["lucie"].email) if number in mail["subject"]]) == 2

    await eventually(customer_hears_of_the_payment)


async def test_a_cancelled_order_gives_back_goods_and_commission_and_says_so_once(
    shop: Any, key: dict[str, str]
) -> None:
    lucie = await shop.customer_id("lucie")
    stock_before = (await shop.people["admin"].get("/v1/stock", sku="CHAMP-BR"))["items"][0]
    before = await earned(shop, "paul")
    order = (await place(shop, "paul", key, customer_id=lucie, lines=[{"sku": "CHAMP-BR", "quantity": 6}])).json()
    held = (await shop.people["admin"].get("/v1/stock", sku="CHAMP-BR"))["items"][0]
    assert held["available"] == stock_before["available"] - 6

    async def accrued() -> None:
        assert (await earned(shop, "paul"))[0] > before[0]

    await eventually(accrued)
    cancelled = await shop.people["clerk"].create(
        f"/v1/orders/{order['id']}/cancellation", key["Idempotency-Key"], {"reason": "Client absent"}
    )
    assert cancelled["status"] == "cancelled"

    async def undone() -> None:
        stock = (await shop.people["admin"].get("/v1/stock", sku="CHAMP-BR"))["items"][0]
        assert stock["available"] == stock_before["available"]
        assert await earned(shop, "paul") == before
        mails = [one for one in await shop.mails(shop.logins["lucie"].email) if str(order["number"]) in one["subject"]]
        assert len(mails) == 2  # placed, cancelled

    await eventually(undone)


async def test_six_clicks_are_one_order(shop: Any, key: dict[str, str]) -> None:
    import asyncio

    lucie = await shop.customer_id("lucie")
    answers = await asyncio.gather(*(place(shop, "paul", key, customer_id=lucie) for _ in range(6)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 5
    other = await place(shop, "paul", key, customer_id=lucie, lines=[{"sku": "CHOC-70", "quantity": 1}])
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")
