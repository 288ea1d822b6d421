"""Markets: which of them count, and which of them a visitor or a customer may name."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.loading import shelves
from services.catalog.handlers.queries.quotes import quote_items
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import agreed, row, settled, to
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import CLERK, Shop, a_buyer, a_hold, a_line, a_seller
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.quotes import QuoteItems
from shared.contracts.catalog.search import SearchProducts
from shared.contracts.catalog.storefront import ListProducts, MarketNotOpen
from shared.contracts.customers.customers import CustomerSnapshot
from shared.testing import agent, customer


@pytest.fixture
async def buyer(shop: Shop) -> CustomerSnapshot:
    """A buyer of a shop whose chairs cost 100, 95 in France, 120 in Switzerland, and half of it in sales in Italy."""
    known = a_buyer()
    await shop.knows(known)
    await shop.sells("chair", "100.00", on_hand=9)
    await agreed(shop, to("fr"), row("95"))
    await agreed(shop, to("ch"), row("120"))
    await promoted(shop, markets=["it"], value=Decimal(50), targets=["chair"])
    return known


async def price(shop: Shop, market: str | None, actor: Actor = VISITOR, **asked: Any) -> Decimal:
    (product,) = (await shop(list_products, ListProducts(market=market, **asked), actor)).items
    amount: Decimal = product.variants[0].unit_price.amount
    return amount


async def test_a_market_that_nothing_is_for_is_none_named(shop: Shop, buyer: CustomerSnapshot) -> None:
    await settled(shop, default_market="fr")

    assert [await price(shop, market) for market in (None, "fr", "ch", "it", "xx")] == [95, 95, 120, 50, 95]


async def test_invented_markets_are_not_remembered_each(shop: Shop, buyer: CustomerSnapshot) -> None:
    await price(shop, None)
    before = len(shelves.SHELF._kept)

    for number in range(5):
        assert await price(shop, f"m{number}") == 100

    assert len(shelves.SHELF._kept) == before


async def test_visitors_and_customers_name_open_markets_only(shop: Shop, buyer: CustomerSnapshot) -> None:
    await settled(shop, default_market="fr", open_markets=["it"])

    for actor in (VISITOR, customer(buyer.id)):
        assert [await price(shop, market, actor) for market in (None, "fr", "it")] == [95, 95, 50]
        for market in ("ch", "xx"):
            asked: list[tuple[Any, Any]] = [
                (list_products, ListProducts(market=market)),
                (search_products, SearchProducts(market=market)),
                (quote_items, QuoteItems(market=market, lines=[a_line("chair")])),
            ]
            for handler, query in asked:
                with pytest.raises(MarketNotOpen) as refused:
                    await shop(handler, query, actor)
                assert [error.pointer for error in refused.value.errors] == ["/market"]
                assert f"{market} is not open; name one of it, or none." in refused.value.errors[0].message


async def test_no_order_is_held_at_the_prices_of_a_market_that_is_closed(shop: Shop, buyer: CustomerSnapshot) -> None:
    await settled(shop, open_markets=["fr"])
    closed = a_hold(buyer, a_line("chair")).model_copy(update={"market": "ch"})

    with pytest.raises(MarketNotOpen):
        await shop.holds(closed)
    assert (await shop.holds(closed, CLERK)).lines[0].unit_price.amount == 120


async def test_staff_and_agents_name_any_market(shop: Shop, buyer: CustomerSnapshot) -> None:
    seller = a_seller()
    await shop.knows(seller)
    await settled(shop, open_markets=["fr"])

    for actor in (CLERK, agent(seller.id)):
        assert await price(shop, "ch", actor) == 120
    assert await price(shop, "ch", CLERK, customer_id=buyer.id) == 120
