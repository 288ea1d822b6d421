"""The price each caller sees of a product, and of whom they never see one."""

from typing import Any

import pytest

from services.catalog.handlers.queries.storefront import get_product, list_products
from services.catalog.tests.samples import (
    CLERK,
    Shop,
    a_buyer,
    a_group,
    a_seller,
    eur,
    sales_settings,
)
from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.agents.agents import SellerTerms
from shared.contracts.catalog.storefront import GetProduct, ListProducts, PriceReason, ProductView
from shared.contracts.customers.customers import CustomerNotFound, CustomerStatus
from shared.contracts.values import Page
from shared.kernel.ids import new_id
from shared.testing import agent, answering, customer, staff


async def listed(shop: Shop, actor: Actor = VISITOR, **query: Any) -> Page[ProductView]:
    page: Page[ProductView] = await shop(list_products, ListProducts(**query), actor)
    return page


async def price(shop: Shop, actor: Actor = VISITOR, **query: Any) -> tuple[Any, PriceReason]:
    (product,) = (await listed(shop, actor, **query)).items
    shown: ProductView = await shop(get_product, GetProduct(id=product.id, **query), actor)
    assert shown == product
    return product.variants[0].unit_price, product.variants[0].price_reason


async def test_each_caller_sees_their_own_price(shop: Shop) -> None:
    resellers, gold, seller = a_group("resellers"), a_group("gold"), a_seller()
    buyer, member = a_buyer(resellers.id, agent_id=seller.id), a_buyer(resellers.id, gold.id)
    await shop.knows(resellers, gold, seller, buyer, member)
    await shop.sells("chair", "100.00")
    await shop.charges(resellers, "chair", "92.00")
    await shop.charges(gold, "chair", "88.00")

    assert await price(shop) == (eur("100.00"), PriceReason.BASE)
    assert await price(shop, customer(buyer.id)) == (eur("92.00"), PriceReason.GROUP)
    assert await price(shop, customer(member.id)) == (eur("88.00"), PriceReason.GROUP)
    assert await price(shop, agent(seller.id)) == (eur("100.00"), PriceReason.BASE)
    assert await price(shop, agent(seller.id), customer_id=buyer.id) == (eur("92.00"), PriceReason.GROUP)
    assert await price(shop, CLERK, customer_id=member.id) == (eur("88.00"), PriceReason.GROUP)


async def test_P8_a_currency_without_prices_has_none(shop: Shop) -> None:
    await shop.sells("chair", "100.00")

    assert await price(shop, currency="USD") == (None, PriceReason.PRICE_UNAVAILABLE)


async def test_P9_a_visitor_gets_no_trace_of_a_group_price(shop: Shop) -> None:
    group = a_group("resellers")
    await shop.knows(group)
    await shop.sells("chair", "100.00")
    await shop.charges(group, "chair", "71.37")

    page = await listed(shop)

    assert page.items[0].variants[0].unit_price == eur("100.00")
    assert "71.37" not in page.model_dump_json()
    assert str(group.id) not in page.model_dump_json()


async def test_visitors_see_no_price_where_their_group_shows_none(shop: Shop) -> None:
    await shop.knows(a_group("visitor", show_prices=False))
    await shop.sells("chair", "100.00")

    page = await listed(shop)

    assert page.items[0].variants[0].price_reason is PriceReason.LOGIN_REQUIRED
    assert "100" not in page.model_dump_json(include={"items": {0: {"variants"}}})


async def test_a_buyer_of_groups_that_hide_prices_sees_none_and_a_pending_one_those_of_visitors(shop: Shop) -> None:
    closed = a_group("closed", show_prices=False)
    hidden, pending = a_buyer(closed.id), a_buyer(closed.id, status=CustomerStatus.PENDING)
    await shop.knows(closed, hidden, pending)
    await shop.sells("chair", "100.00")
    await shop.charges(closed, "chair", "50.00")

    assert await price(shop, customer(hidden.id)) == (None, PriceReason.GROUP_HIDDEN)
    assert await price(shop, customer(pending.id)) == (eur("100.00"), PriceReason.BASE)


async def test_the_prices_of_somebody_else_are_nowhere_to_be_found(shop: Shop) -> None:
    seller = a_seller()
    buyer = a_buyer(agent_id=new_id())
    await shop.knows(seller, buyer)
    product = await shop.sells("chair")

    for actor in (
        VISITOR,
        customer(new_id()),
        agent(seller.id),
        staff(Permission.CATALOG_READ, Permission.PRICES_WRITE),
    ):
        with pytest.raises(CustomerNotFound):
            await listed(shop, actor, customer_id=buyer.id)
        with pytest.raises(CustomerNotFound):
            await shop(get_product, GetProduct(id=product.id, customer_id=buyer.id), actor)


async def test_who_no_event_has_told_of_yet_is_asked_for_once(shop: Shop) -> None:
    group, seller = a_group(), a_seller()
    buyer = a_buyer(group.id)
    await shop.knows(group)
    await shop.sells("chair", "100.00")
    await shop.charges(group, "chair", "92.00")
    terms = SellerTerms(agent=seller, settings=sales_settings(agents_serve_all=True))
    shop.ask = answering(GetBuyer=buyer, GetSeller=terms)

    assert await price(shop, agent(seller.id), customer_id=buyer.id) == (eur("92.00"), PriceReason.GROUP)
    assert [type(request).__name__ for request in shop.ask.requests] == ["GetBuyer", "GetSeller"]


async def test_a_customer_nobody_knows_is_not_found(shop: Shop) -> None:
    shop.ask = answering(GetBuyer=CustomerNotFound())

    with pytest.raises(CustomerNotFound):
        await listed(shop, CLERK, customer_id=new_id())
