"""A sale at prices with tax, from what the buyer is shown to the mail and the commission; and why it cost that."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import euros, fresh_key, refusal


@dataclass
class Household:
    """A private customer whom Paul looks after, of a group that is told prices with tax, and two goods for them."""

    shop: Any
    customer_id: str
    address: str
    kettle: str
    kettle_product: str
    tea: str

    async def ordered(self, *lines: tuple[str, int], who: str = "paul") -> dict[str, Any]:
        wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
        body = {"customer_id": self.customer_id, "lines": wanted}
        order: dict[str, Any] = await self.shop.people[who].create("/v1/orders", str(new_id()), body)
        return order


@pytest.fixture
async def household(shop: Any) -> Household:
    admin, name = shop.people["admin"], f"home-{str(new_id())[-12:]}"
    group = await admin.create("/v1/customer-groups", str(new_id()), {"code": name, "name": "Particuliers"})

    async def tells_gross_prices() -> None:
        answer = await admin.http.put(f"/v1/customer-groups/{group['id']}/terms", json={"price_mode": "gross"})
        assert answer.is_success, answer.text

    await eventually(tells_gross_prices)
    agent_id = (await admin.get(f"/v1/customers/{await shop.customer_id('lucie')}"))["agent_id"]
    facts = {"email": f"{name}@example.com", "name": "Zoé Martin", "group_ids": [group["id"]], "agent_id": agent_id}
    customer = await admin.create("/v1/customers", str(new_id()), facts)
    goods = {f"{name}-kettle": ("standard", "9.99", "9.00"), f"{name}-tea": ("reduced", "4.99", "4.60")}
    made = {}
    for sku, (category, gross, net) in goods.items():
        prices = [{"unit_price": euros(gross), "mode": "gross"}, {"unit_price": euros(net)}]
        variant = {"sku": sku, "tax_category": category, "prices": prices, "cost": euros("3.21")}
        made[sku] = await admin.create("/v1/products", str(new_id()), {"name": sku, "variants": [variant]})
        received = {"sku": sku, "quantity": 50, "reference": "BL 1"}
        await admin.create("/v1/stock/receipts", str(new_id()), received)
    kettle, tea = made
    return Household(shop, customer["id"], facts["email"], kettle, made[kettle]["id"], tea)


async def test_T2_what_a_private_customer_is_shown_is_what_they_pay(household: Household) -> None:
    paul = household.shop.people["paul"]
    asked = {"customer_id": household.customer_id, "lines": [{"sku": household.kettle, "quantity": 2}]}
    quote = (await paul.http.post("/v1/quotes", json=asked, headers=fresh_key())).json()
    order = await household.ordered((household.kettle, 2))

    assert (quote["lines"][0]["unit_price"], quote["subtotal"]) == (euros("9.99"), euros("19.98"))
    assert (order["price_mode"], order["total"]) == ("gross", euros("19.98"))
    assert order["taxes"] == [{"rate": "20", "net": euros("16.65"), "tax": euros("3.33")}]
    assert order["lines"][0]["gross"] == euros("19.98")


async def test_the_mail_and_the_commission_of_a_gross_sale_know_what_it_is(household: Household) -> None:
    order = await household.ordered((household.kettle, 2), (household.tea, 1))
    admin = household.shop.people["admin"]

    async def told() -> str:
        mails = await household.shop.mails(household.address)
        assert len(mails) == 1
        return str(mails[0]["text"])

    async def accrued() -> Any:
        entries = (await admin.get("/v1/commissions", order_id=order["id"]))["items"]
        own = [entry["basis"] for entry in entries if entry["level"] == 0]
        assert len(own) == 1
        return own[0]

    letter = " ".join((await eventually(told)).replace("\xa0", " ").split())
    assert "Articles (prix unitaires toutes taxes comprises)" in letter
    assert "Total TTC : 24,97 €" in letter
    assert "dont TVA 20 % sur 16,65 € : 3,33 €" in letter
    assert {line["net"]["amount"] for line in order["lines"]} == {"16.65", "4.73"}
    assert await eventually(accrued) == euros("21.38")


async def test_why_an_order_cost_what_it_did_outlives_every_edit(household: Household) -> None:
    people = household.shop.people
    order = await household.ordered((household.kettle, 2))
    path = f"/v1/orders/{order['id']}/calculation"
    before = await people["admin"].get(path)

    await everything_changes(household)

    assert await people["admin"].get(path) == before
    assert await people["admin"].get(f"/v1/orders/{order['id']}") == order
    [line] = before["lines"]
    assert (line["computed_price"], line["cost"], line["price_reason"]) == (euros("9.99"), euros("3.21"), "base")
    assert [(step["outcome"], step["amount_out"]) for step in line["trace"]] == [("applied", euros("9.99"))]
    newer = await household.ordered((household.kettle, 2))
    [anew] = (await people["admin"].get(f"/v1/orders/{newer['id']}/calculation"))["lines"]
    assert (anew["computed_price"], anew["price_reason"]) == (euros("7.77"), "group")
    assert (anew["price_list_version"], anew["trace"][0]["outcome"]) == (2, "applied")


async def everything_changes(household: Household) -> None:
    """Give the customer's group another price, the goods another name and cost, the customer another name."""
    admin = household.shop.people["admin"]
    customer = await admin.get(f"/v1/customers/{household.customer_id}")
    target = {"kind": "group", "id": customer["group_ids"][0]}
    facts: dict[str, Any] = {"code": f"l-{str(new_id())[-12:]}", "name": "Maison", "level": "group", "currency": "EUR"}
    facts |= {"mode": "gross", "status": "active", "targets": [target]}
    agreed = await admin.create("/v1/price-lists", str(new_id()), facts)
    rows = [{"scope": "variant", "target": household.kettle, "value": "7.77"}]
    await admin.put(f"/v1/price-lists/{agreed['id']}/rows", {"rows": rows}, 1)
    product = f"/v1/products/{household.kettle_product}"
    [variant] = (await admin.get(f"{product}/sheet"))["variants"]
    changed = {"name": "Another kettle", "cost": euros("5.00")}
    await admin.edit("PATCH", f"{product}/variants/{variant['id']}", changed, read_from=f"{product}/sheet")
    await admin.edit("PATCH", f"/v1/customers/{household.customer_id}", {"name": "Zoé Durand"})


async def test_who_sells_is_told_the_calculation_and_who_buys_is_not(household: Household) -> None:
    people = household.shop.people
    order = await household.ordered((household.tea, 1))
    path = f"/v1/orders/{order['id']}/calculation"

    [for_staff] = (await people["clerk"].get(path))["lines"]
    [for_paul] = (await people["paul"].get(path))["lines"]
    answers = {who: await people[who].http.get(path) for who in ("helene", "lucie", "visitor")}

    assert for_staff["cost"] == euros("3.21")
    assert for_paul == for_staff | {"cost": None}
    assert {who: refusal(answer) for who, answer in answers.items()} == {
        "helene": (404, "ORDER_NOT_FOUND"),
        "lucie": (403, "FORBIDDEN"),
        "visitor": (401, "UNAUTHORIZED"),
    }
