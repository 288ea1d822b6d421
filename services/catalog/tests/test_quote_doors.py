"""Who gets a quote at all, pasted lists, and limits of what a customer takes within a time."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.quotes import quote_items, read_quick_order
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import get_product, list_products, list_related_products
from services.catalog.tests.dealing import agreed, limits, row, settled, to
from services.catalog.tests.samples import (
    CLERK,
    KEEPER,
    CommittedShop,
    Shop,
    a_buyer,
    a_group,
    a_hold,
    a_line,
    a_seller,
    eur,
    stock_of,
)
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.catalog.prices import PriceUnavailable
from shared.contracts.catalog.products import CreateProduct, NewVariant
from shared.contracts.catalog.quotes import QuickOrderView, QuoteItems, QuoteView, ReadQuickOrder
from shared.contracts.catalog.rules import QtyRule, QuantityField
from shared.contracts.catalog.search import SearchProducts
from shared.contracts.catalog.stock import HeldQuote, HoldLine
from shared.contracts.catalog.storefront import (
    GetProduct,
    ListProducts,
    ListRelatedProducts,
    LoginRequired,
    PriceReason,
)
from shared.contracts.customers.customers import CustomerNotFound
from shared.kernel.money import Money, UnitPrice
from shared.kernel.problems import Forbidden
from shared.testing import agent, customer


async def quoted(shop: Shop, actor: Actor, *lines: HoldLine, **query: Any) -> QuoteView:
    view: QuoteView = await shop(quote_items, QuoteItems(lines=list(lines), **query), actor)
    return view


def money(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


async def pasted(shop: Shop, text: str, actor: Actor = VISITOR) -> QuickOrderView:
    view: QuickOrderView = await shop(read_quick_order, ReadQuickOrder(text=text), actor)
    return view


async def test_a_shop_that_wants_to_know_its_visitors_opens_no_door_to_strangers(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    chair = await shop.sells("chair")
    await settled(shop, login_only=True)
    doors: list[tuple[Any, Any]] = [
        (list_products, ListProducts()),
        (get_product, GetProduct(id=chair.id)),
        (search_products, SearchProducts(q="chair")),
        (list_related_products, ListRelatedProducts(id=chair.id)),
        (quote_items, QuoteItems(lines=[a_line("chair")])),
        (read_quick_order, ReadQuickOrder(text="chair")),
    ]

    for handler, query in doors:
        with pytest.raises(LoginRequired) as refused:
            await shop(handler, query, VISITOR)
        assert refused.value.status == 401
        await shop(handler, query, customer(buyer.id))


async def test_a_line_whose_price_is_hidden_is_refused_without_a_number(shop: Shop) -> None:
    closed = a_group("closed", show_prices=False)
    buyer = a_buyer(closed.id)
    await shop.knows(closed, buyer)
    await shop.sells("cup", "123.45", on_hand=5)

    for attempt in (quoted(shop, customer(buyer.id), a_line("cup")), shop.holds(a_hold(buyer, a_line("cup")))):
        with pytest.raises(PriceUnavailable) as refused:
            await attempt
        assert [(error.pointer, error.code) for error in refused.value.errors] == [("/lines/0/sku", "GROUP_HIDDEN")]
        assert "123.45" not in str(refused.value.to_dict())


async def test_a_quote_is_for_ones_own_customers_and_prices_by_hand_for_who_may_set_them(
    shop: Shop,
) -> None:
    dealers, seller = a_group("dealers"), a_seller()
    mine, theirs = a_buyer(dealers.id, agent_id=seller.id), a_buyer(dealers.id)
    await shop.knows(dealers, seller, mine, theirs)
    await shop.sells("cup", "200.00")
    await shop.charges(dealers, "cup", "100.00")
    by_hand = a_line("cup", 2, unit_price=eur("95"))

    quote = await quoted(shop, agent(seller.id), by_hand, customer_id=mine.id)

    assert (quote.subtotal, quote.lines[0].price_reason) == (money("190.00"), PriceReason.AGENT)
    with pytest.raises(CustomerNotFound):
        await quoted(shop, agent(seller.id), a_line("cup"), customer_id=theirs.id)
    with pytest.raises(Forbidden):
        await quoted(shop, customer(mine.id), by_hand)
    assert (await quoted(shop, CLERK, a_line("cup"), customer_id=theirs.id)).subtotal == money("100.00")
    assert (await quoted(shop, VISITOR, a_line("cup"))).subtotal == money("200.00")


async def test_a_pasted_list_is_read_by_sku_and_barcode_and_a_sku_comes_first(shop: Shop) -> None:
    await _sells(shop, "A-0", "10", barcode="4006381333931")
    await _sells(shop, "4006381333948", "7")
    await _sells(shop, "A-1", "3", barcode="4006381333948")
    await _sells(shop, "A-2", "4", barcode="4006381333931")

    view = await pasted(shop, "4006381333931;2\n4006381333948;1\nA-1;1\nnothing;1")

    told = [(line.line, line.sku, line.quantity, line.unit_price, line.code) for line in view.lines]
    assert told == [
        (1, "A-0", 2, eur("10"), None),
        (2, "4006381333948", 1, eur("7"), None),
        (3, "A-1", 1, eur("3"), None),
        (4, None, None, None, "PRODUCT_NOT_AVAILABLE"),
    ]
    assert view.subtotal == money("30")


async def _sells(shop: Shop, sku: str, price: str, currency: str = "EUR", **variant: Any) -> None:
    made = NewVariant(sku=sku, base_price=UnitPrice(Decimal(price), currency), **variant)
    await shop(create_product, CreateProduct(name=sku, variants=[made]), KEEPER)


async def test_a_pasted_list_is_priced_at_the_quantities_of_all_its_lines(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "100.00")
    await agreed(shop, to(group), row("80", min_qty="10"))

    view = await pasted(shop, "chair 6\nchair 4", customer(buyer.id))

    assert [line.unit_price for line in view.lines] == [eur("80"), eur("80")]


async def test_what_has_a_price_from_a_quantity_on_alone_is_ordered_in_that_quantity(shop: Shop) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await _sells(shop, "chair", "100", "USD")
    await agreed(shop, to(group), row("80", min_qty="10"))

    enough = await pasted(shop, "chair 10", customer(buyer.id))
    few = await pasted(shop, "chair 9", customer(buyer.id))

    assert [line.unit_price for line in enough.lines] == [eur("80")]
    assert [line.code for line in few.lines] == ["PRICE_UNAVAILABLE"]


async def test_a_pasted_quantity_that_cannot_be_ordered_comes_with_one_that_can(shop: Shop) -> None:
    await shop.sells("chair")
    await limits(shop, "all", min_qty=48, multiple=24)

    (line,) = (await pasted(shop, "chair 50")).lines

    assert (line.code, line.suggested_qty) == ("QTY_RULE", 72)


async def test_of_two_orders_at_once_only_one_takes_what_is_left_for_the_period(open_shop: CommittedShop) -> None:
    buyer = a_buyer()
    await open_shop.knows(buyer)
    await open_shop.sells("chair", on_hand=100)
    await limits(open_shop, "all", period_qty=10, period_days=30)

    asked = [open_shop.holds(a_hold(buyer, a_line("chair", 6))) for _ in range(2)]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["HeldQuote", "QtyRule"]
    (refused,) = (answer for answer in answers if isinstance(answer, QtyRule))
    assert (refused.details["items"][0]["field"], refused.details["items"][0]["suggested_qty"]) == ("period_qty", 4)
    assert await stock_of(open_shop, "chair") == (100, 6)


async def test_a_quote_warns_of_a_period_and_others_have_their_own(shop: Shop) -> None:
    buyer, other = a_buyer(), a_buyer()
    await shop.knows(buyer, other)
    await shop.sells("chair", on_hand=100)
    await limits(shop, "all", period_qty=10, period_days=30)
    await shop.holds(a_hold(buyer, a_line("chair", 6)))

    view: QuoteView = await shop(quote_items, QuoteItems(lines=[a_line("chair", 5)]), customer(buyer.id))

    assert [(one.field, one.suggested_qty) for one in view.warnings] == [(QuantityField.PERIOD_QTY, 4)]
    assert isinstance(await shop.holds(a_hold(other, a_line("chair", 10))), HeldQuote)
    assert isinstance(await shop.holds(a_hold(buyer, a_line("chair", 4))), HeldQuote)
    with pytest.raises(QtyRule):
        await shop.holds(a_hold(buyer, a_line("chair", 1)))
