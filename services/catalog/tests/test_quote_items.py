"""Quotes on the database: what an order would cost, what stands in its way, and that a hold says the same."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.queries.quotes import quote_items
from services.catalog.tests.dealing import agreed, bargains, limits, off, row, settled, to
from services.catalog.tests.samples import KEEPER, Shop, a_buyer, a_group, a_hold, a_line, eur
from shared.contracts.actor import Actor
from shared.contracts.catalog.group_terms import OrderMinimum
from shared.contracts.catalog.price_lists import PriceLevel, TierBasis
from shared.contracts.catalog.prices import ProductNotAvailable
from shared.contracts.catalog.products import CreateProduct, NewVariant
from shared.contracts.catalog.quotes import QuoteItems, QuoteView
from shared.contracts.catalog.rules import QtyRule, QuantityField
from shared.contracts.catalog.stock import HoldLine
from shared.contracts.catalog.storefront import CatalogueOnly, PriceReason
from shared.contracts.customers.customers import CustomerSnapshot
from shared.contracts.customers.groups import GroupSnapshot
from shared.kernel.money import Money
from shared.testing import customer


def money(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


async def quoted(shop: Shop, actor: Actor, *lines: HoldLine, **query: Any) -> QuoteView:
    view: QuoteView = await shop(quote_items, QuoteItems(lines=list(lines), **query), actor)
    return view


@pytest.fixture
def dealers() -> GroupSnapshot:
    return a_group("dealers")


@pytest.fixture
async def dealer(shop: Shop, dealers: GroupSnapshot) -> CustomerSnapshot:
    """A dealer, in a shop that sells cups to dealers for 100 and to everyone for 200."""
    buyer = a_buyer(dealers.id)
    await shop.knows(dealers, buyer)
    await shop.sells("cup", "200.00", on_hand=100)
    await shop.charges(dealers, "cup", "100.00")
    return buyer


async def retail(shop: Shop, dealers: GroupSnapshot) -> None:
    await bargains(shop, dealers, minimum_subtotal=money("500"), action="retail_price")


async def test_q1_below_the_minimum_an_order_is_at_everyones_prices(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await retail(shop, dealers)

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 3))

    assert (quote.subtotal, quote.lines[0].unit_price) == (money("600.00"), eur("200.00"))
    assert quote.lines[0].price_reason is PriceReason.BASE
    assert quote.minimum is not None
    assert (quote.minimum.shortfall, quote.orderable) == (money("200.00"), True)
    held = await shop.holds(a_hold(dealer, a_line("cup", 3)))
    assert held.lines[0].unit_price == eur("200.00")


async def test_q2_at_the_minimum_it_is_at_the_groups(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await retail(shop, dealers)

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 5))

    assert (quote.subtotal, quote.minimum, quote.orderable) == (money("500.00"), None, True)
    held = await shop.holds(a_hold(dealer, a_line("cup", 5)))
    assert held.lines[0].unit_price == eur("100.00")


async def test_q3_just_below_it_the_answer_shows_what_one_more_would_cost(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await retail(shop, dealers)

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 4))

    assert quote.subtotal == money("800.00")
    assert quote.minimum is not None
    assert (quote.minimum.add_units, quote.minimum.subtotal_then) == (1, money("500.00"))


async def test_a_minimum_that_blocks_is_told_in_the_quote_and_refused_in_the_hold(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await bargains(shop, dealers, minimum_qty=Decimal(6))

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 4))

    assert quote.minimum is not None
    assert (quote.orderable, quote.minimum.missing_qty, quote.subtotal) == (False, 2, money("400.00"))
    with pytest.raises(OrderMinimum, match="2 more pieces"):
        await shop.holds(a_hold(dealer, a_line("cup", 4)))


async def test_a_surcharge_is_told_and_the_order_taken(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await bargains(shop, dealers, minimum_qty=Decimal(6), action="surcharge", surcharge=money("15"))

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 4))

    assert quote.minimum is not None
    assert (quote.orderable, quote.minimum.surcharge) == (True, money("15.00"))
    assert (await shop.holds(a_hold(dealer, a_line("cup", 4)))).lines[0].unit_price == eur("100.00")


async def test_q4_ten_percent_from_a_hundred_items_in_the_cart(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await shop.sells("plate", "10.00", on_hand=200)
    await shop.sells("bowl", "20.00", on_hand=200)
    await agreed(shop, to(dealers), off("10", min_qty="100"), tier_basis=TierBasis.CART)

    below = await quoted(shop, customer(dealer.id), a_line("plate", 60), a_line("bowl", 39))
    reached = await quoted(shop, customer(dealer.id), a_line("plate", 60), a_line("bowl", 40))

    assert [line.unit_price for line in below.lines] == [eur("10.00"), eur("20.00")]
    assert [line.unit_price for line in reached.lines] == [eur("9.00"), eur("18.00")]
    assert reached.subtotal == money("1260.00")


async def test_q5_a_quantity_between_multiples_is_warned_of_and_refused(shop: Shop, dealer: CustomerSnapshot) -> None:
    rule = await limits(shop, "all", min_qty=48, multiple=24)

    quote = await quoted(shop, customer(dealer.id), a_line("cup", 50))

    (warning,) = quote.warnings
    assert (warning.line, warning.field, warning.suggested_qty) == (0, QuantityField.MULTIPLE, 72)
    assert (warning.rule, quote.orderable, quote.subtotal) == (rule.id, False, money("5000.00"))
    with pytest.raises(QtyRule) as refused:
        await shop.holds(a_hold(dealer, a_line("cup", 50)))
    assert refused.value.status == 422
    assert refused.value.details["items"][0]["suggested_qty"] == 72
    assert (await quoted(shop, customer(dealer.id), a_line("cup", 72))).orderable


async def test_q6_lines_of_one_variant_are_counted_together(shop: Shop, dealer: CustomerSnapshot) -> None:
    await limits(shop, "all", max_qty=5)
    lines = (a_line("cup", 3), a_line("cup", 3))

    quote = await quoted(shop, customer(dealer.id), *lines)

    assert [(one.line, one.field, one.suggested_qty) for one in quote.warnings] == [
        (0, QuantityField.MAX_QTY, 5),
        (1, QuantityField.MAX_QTY, 5),
    ]
    with pytest.raises(QtyRule) as refused:
        await shop.holds(a_hold(dealer, *lines))
    assert [item["quantity"] for item in refused.value.details["items"]] == [6, 6]


@pytest.mark.parametrize(
    ("basis", "prices"),
    [
        (TierBasis.VARIANT, ["10.00", "10.00", "10.00"]),
        (TierBasis.PRODUCT, ["9.00", "9.00", "10.00"]),
        (TierBasis.PRICE_GROUP, ["9.00", "9.00", "10.00"]),
        (TierBasis.CART, ["9.00", "9.00", "9.00"]),
    ],
)
async def test_p6_a_tier_looks_at_as_much_of_the_cart_as_its_list_says(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot, basis: TierBasis, prices: list[str]
) -> None:
    await _shirts_and_a_hat(shop)
    tiers = [tier for sku in ("red", "blue", "hat") for tier in (row("10", sku), row("9", sku, min_qty="10"))]
    # Of a list with tiers over all its goods the hat is none, so that it counts for nothing and gets nothing.
    of_hats = tiers[4:] if basis is TierBasis.PRICE_GROUP else []
    await agreed(shop, to(dealers), *(tier for tier in tiers if tier not in of_hats), tier_basis=basis)
    if of_hats:
        await agreed(shop, to(dealers), *of_hats, tier_basis=basis)

    lines = [a_line("red", 6), a_line("blue", 6), a_line("hat", 4)]
    quote = await quoted(shop, customer(dealer.id), *lines)

    assert [f"{line.unit_price.amount:.2f}" for line in quote.lines] == prices
    held = await shop.holds(a_hold(dealer, *lines))
    assert [line.unit_price for line in held.lines] == [line.unit_price for line in quote.lines]


async def _shirts_and_a_hat(shop: Shop) -> None:
    colours = [NewVariant(sku=sku, base_price=eur("20")) for sku in ("red", "blue")]
    await shop(create_product, CreateProduct(name="Shirt", variants=colours), KEEPER)
    await shop.sells("hat", "20.00", on_hand=50)
    for sku in ("red", "blue"):
        await shop.receives(sku, 50)


async def test_a_quote_agreed_on_counts_for_its_quantities_alone(
    shop: Shop, dealers: GroupSnapshot, dealer: CustomerSnapshot
) -> None:
    await agreed(shop, to(dealer), row("150", "cup", min_qty="5", max_qty="10"), level=PriceLevel.QUOTE)

    prices = [
        (await quoted(shop, customer(dealer.id), a_line("cup", quantity))).lines[0].unit_price
        for quantity in (4, 5, 10, 11)
    ]

    assert prices == [eur("100.00"), eur("150.00"), eur("150.00"), eur("100.00")]


async def test_a_shop_that_only_shows_its_catalogue_quotes_and_sells_nothing(
    shop: Shop, dealer: CustomerSnapshot
) -> None:
    await settled(shop, catalogue_only=True)

    quote = await quoted(shop, customer(dealer.id), a_line("cup"))

    assert (quote.orderable, quote.subtotal) == (False, money("100.00"))
    with pytest.raises(CatalogueOnly):
        await shop.holds(a_hold(dealer, a_line("cup")))


async def test_what_is_not_on_sale_is_named_by_its_lines(shop: Shop, dealer: CustomerSnapshot) -> None:
    with pytest.raises(ProductNotAvailable) as refused:
        await quoted(shop, customer(dealer.id), a_line("cup"), a_line("sofa"))

    assert [error.pointer for error in refused.value.errors] == ["/lines/1/sku"]
