"""Whoever keeps prices or reads the catalogue may ask why about any customer, and learns of nobody elsewhere."""

from typing import Any

import pytest

from services.catalog.handlers.queries.explanations import explain_price
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.handlers.queries.visibility import explain_visibility
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_seller
from shared.contracts.actor import Actor, Permission
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.storefront import ListProducts
from shared.contracts.catalog.visibility import ExplainVisibility
from shared.contracts.customers.customers import CustomerNotFound
from shared.kernel.ids import new_id
from shared.testing import agent, answering, staff

PRICER, READER = staff(Permission.PRICES_WRITE), staff(Permission.CATALOG_READ)


@pytest.mark.parametrize("actor", [KEEPER, PRICER, READER])
async def test_who_keeps_the_rules_is_told_what_they_come_to_for_a_customer(shop: Shop, actor: Actor) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    chair = await shop.sells("chair", on_hand=2)

    price = await shop(explain_price, ExplainPrice(sku="chair", customer_id=buyer.id), actor)
    sight = await shop(explain_visibility, ExplainVisibility(id=chair.id, customer_id=buyer.id), actor)

    assert (price.customer_id, price.unit_price.amount) == (buyer.id, 100)
    assert (sight.customer_id, sight.visible) == (buyer.id, True)
    with pytest.raises(CustomerNotFound):
        await shop(list_products, ListProducts(customer_id=buyer.id), actor)


@pytest.mark.parametrize("actor", [staff(Permission.STOCK_WRITE), agent(a_seller().id, Permission.CATALOG_READ)])
async def test_others_are_told_of_no_customer_who_is_not_theirs(shop: Shop, actor: Actor) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    if actor.type == "agent":
        await shop.knows(a_seller(id=actor.id))
    chair = await shop.sells("chair", on_hand=2)

    asked: list[tuple[Any, Any]] = [
        (explain_price, ExplainPrice(sku="chair", customer_id=buyer.id)),
        (explain_visibility, ExplainVisibility(id=chair.id, customer_id=buyer.id)),
    ]
    for handler, query in asked:
        with pytest.raises(CustomerNotFound):
            await shop(handler, query, actor)


async def test_a_customer_nobody_knows_is_not_found(shop: Shop) -> None:
    await shop.sells("chair", on_hand=2)
    shop.ask = answering(GetBuyer=CustomerNotFound())

    for actor in (KEEPER, CLERK):
        with pytest.raises(CustomerNotFound):
            await shop(explain_price, ExplainPrice(sku="chair", customer_id=new_id()), actor)
