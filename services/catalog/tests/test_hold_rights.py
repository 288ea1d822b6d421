"""Who may hold goods for whom, and at which prices."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.products import change_product
from services.catalog.tests.samples import (
    CLERK,
    KEEPER,
    Shop,
    a_buyer,
    a_group,
    a_hold,
    a_line,
    a_seller,
    eur,
    sales_settings,
    stock_of,
)
from shared.contracts.actor import Actor, Permission
from shared.contracts.agents.agents import SellerTerms
from shared.contracts.catalog.prices import AgentPriceBound, PriceUnavailable, ProductNotAvailable
from shared.contracts.catalog.products import ChangeProduct, ProductStatus
from shared.contracts.catalog.stock import OutOfStock
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.customers.customers import AccountPending, CustomerNotFound, CustomerStatus, CustomerSuspended
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden
from shared.testing import agent, answering, customer, staff


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"status": CustomerStatus.PENDING}, AccountPending),
        ({"status": CustomerStatus.SUSPENDED}, CustomerSuspended),
    ],
)
async def test_who_may_not_buy_holds_nothing(shop: Shop, facts: dict[str, Any], problem: type[Exception]) -> None:
    buyer = a_buyer(**facts)
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)

    with pytest.raises(problem):
        await shop.holds(a_hold(buyer, a_line("chair")))


async def test_a_buyer_is_served_by_themselves_their_agent_and_clerks(shop: Shop) -> None:
    seller = a_seller()
    buyer = a_buyer(agent_id=seller.id)
    await shop.knows(seller, buyer)
    await shop.sells("chair", on_hand=5)

    for actor in (customer(buyer.id), agent(seller.id), CLERK):
        await shop.holds(a_hold(buyer, a_line("chair")), actor)

    assert await stock_of(shop, "chair") == (5, 3)


async def test_to_anybody_else_the_buyer_is_not_there_unless_every_agent_serves_all(shop: Shop) -> None:
    seller, buyer = a_seller(), a_buyer(agent_id=new_id())
    await shop.knows(seller, buyer)
    await shop.sells("chair", on_hand=5)

    for actor in (customer(new_id()), agent(seller.id)):
        with pytest.raises(CustomerNotFound):
            await shop.holds(a_hold(buyer, a_line("chair")), actor)
    await shop.knows(sales_settings(agents_serve_all=True))
    await shop.holds(a_hold(buyer, a_line("chair")), agent(seller.id))


async def test_who_no_event_has_told_of_yet_is_asked_for_before_the_transaction(shop: Shop) -> None:
    seller = a_seller()
    buyer = a_buyer(agent_id=seller.id)
    await shop.sells("chair", on_hand=5)
    terms = SellerTerms(agent=seller, settings=sales_settings(agents_serve_all=False))
    shop.ask = answering(GetBuyer=buyer, GetSeller=terms)

    for _ in range(2):
        await shop.holds(a_hold(buyer, a_line("chair", unit_price=eur("95"))), agent(seller.id))

    assert [type(request).__name__ for request in shop.ask.requests] == ["GetBuyer", "GetSeller"]


async def test_what_is_not_on_sale_or_has_no_price_is_not_held(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    gone = await shop.sells("gone", on_hand=5)
    await shop.sells("chair", on_hand=5)
    change = ChangeProduct(id=gone.id, expected_version=1, status=ProductStatus.DISCONTINUED)
    await shop(change_product, change, KEEPER)

    with pytest.raises(ProductNotAvailable) as unknown:
        await shop.holds(a_hold(buyer, a_line("chair"), a_line("gone")))
    with pytest.raises(PriceUnavailable) as unpriced:
        await shop.holds(a_hold(buyer, a_line("chair"), currency="USD"))

    assert unknown.value.errors[0].pointer == "/lines/1/sku"
    assert unpriced.value.errors[0].pointer == "/lines/0/sku"


async def test_prices_are_set_by_hand_within_what_each_may(shop: Shop) -> None:
    seller = a_seller(max_discount_percent=Decimal("7.5"))
    buyer = a_buyer(agent_id=seller.id)
    await shop.knows(seller, buyer)
    await shop.sells("chair", "12.99", on_hand=50)

    async def holds(actor: Actor, price: str) -> None:
        command = a_hold(buyer, a_line("chair", unit_price=eur(price)))
        (line,) = (await shop.holds(command, actor)).lines
        assert (line.unit_price, line.price_reason) == (eur(price), PriceReason.AGENT)

    await holds(agent(seller.id), "12.02")
    await holds(staff(Permission.ORDERS_PLACE, Permission.PRICES_WRITE), "1.00")
    with pytest.raises(AgentPriceBound) as refused:
        await holds(agent(seller.id), "12.01")
    assert refused.value.errors[0].pointer == "/lines/0/unit_price"
    for actor in (customer(buyer.id), CLERK):
        with pytest.raises(Forbidden):
            await holds(actor, "12.99")


async def test_a_problem_of_a_hold_never_tells_another_groups_price(shop: Shop) -> None:
    others, seller = a_group("others"), a_seller()
    buyer = a_buyer(agent_id=seller.id)
    await shop.knows(others, seller, buyer)
    await shop.sells("chair", "100.00", on_hand=1)
    await shop.charges(others, "chair", "71.37")

    for line in (a_line("chair", 9), a_line("chair", unit_price=eur("1.00")), a_line("none")):
        with pytest.raises((OutOfStock, AgentPriceBound, ProductNotAvailable)) as refused:
            await shop.holds(a_hold(buyer, line), agent(seller.id))
        assert "71.37" not in str(refused.value.to_dict())
