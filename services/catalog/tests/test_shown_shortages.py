"""A refused order tells how many are left to those alone who are shown it elsewhere."""

import pytest

from services.catalog.tests.dealing import bargains
from services.catalog.tests.samples import CLERK, Shop, a_buyer, a_group, a_hold, a_line, a_seller
from shared.contracts.actor import Actor
from shared.contracts.catalog.rules import Availability
from shared.contracts.catalog.stock import OutOfStock
from shared.contracts.customers.customers import CustomerSnapshot
from shared.testing import agent, customer


async def refused(
    shop: Shop, buyer: CustomerSnapshot, quantity: str = "1000", actor: Actor | None = None
) -> OutOfStock:
    with pytest.raises(OutOfStock) as problem:
        await shop.holds(a_hold(buyer, a_line("chair", quantity)), actor)
    return problem.value


@pytest.mark.parametrize("how", [how for how in Availability if how is not Availability.EXACT])
async def test_no_figure_is_told_to_a_group_that_is_shown_none_whoever_orders(shop: Shop, how: Availability) -> None:
    group, seller = a_group(), a_seller()
    buyer = a_buyer(group.id, agent_id=seller.id)
    await shop.knows(group, seller, buyer)
    await shop.sells("chair", on_hand=37)
    await bargains(shop, group, availability=how)

    for actor in (customer(buyer.id), agent(seller.id), CLERK):
        problem = await refused(shop, buyer, actor=actor)
        assert problem.details == {"items": [{"sku": "chair", "requested": 1000}]}
        assert [error.pointer for error in problem.errors] == ["/lines/0/quantity"]
        assert "37" not in f"{problem.detail} {problem.errors}"
    assert "available" not in (await beyond_any_stock(shop, buyer)).details["items"][0]


async def beyond_any_stock(shop: Shop, buyer: CustomerSnapshot) -> OutOfStock:
    """Return the refusal of an order of more than any stock could hold."""
    most = a_line("chair", "99999999999")
    with pytest.raises(OutOfStock) as problem:
        await shop.holds(a_hold(buyer, most, most))
    return problem.value


async def test_of_several_groups_the_most_open_one_counts(shop: Shop) -> None:
    hidden, shown = a_group("hidden"), a_group("shown")
    buyer = a_buyer(hidden.id, shown.id)
    await shop.knows(hidden, shown, buyer)
    await shop.sells("chair", on_hand=37)
    await bargains(shop, hidden, availability=Availability.HIDDEN)

    assert (await refused(shop, buyer)).details["items"][0]["available"] == 37
