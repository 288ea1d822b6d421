"""A shop may sell by finer prices than its currency has: a screw at 0.0123, its lines in cents (rules 3.1, step 6)."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.manual_prices import Latitude, bounds
from services.catalog.domain.prices import rounded, too_fine
from services.catalog.domain.pricing.facts import Level, Policy
from services.catalog.handlers.commands.prices import set_base_price, set_group_price
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.handlers.queries.quotes import quote_items
from services.catalog.handlers.queries.search import search_products
from services.catalog.tests.dealing import EVERYONE, agreed, row, settled
from services.catalog.tests.importing import Files
from services.catalog.tests.promoting import promoted
from services.catalog.tests.repricing import a_rule, carried_out, differences
from services.catalog.tests.samples import CLERK, KEEPER, Shop, a_buyer, a_group, a_hold, a_line, eur
from services.catalog.tests.taxing import NET, costs, seen
from services.catalog.tests.test_prices import a_list, a_row, a_sale, goods, off
from services.catalog.tests.test_prices import costs as priced
from services.catalog.tests.working import does_its_jobs
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_changes import PriceChangeInvalid, Rounding
from shared.contracts.catalog.price_lists import AdjustmentKind
from shared.contracts.catalog.prices import SetBasePrice, SetGroupPrice, UnitPriceTooFine
from shared.contracts.catalog.quotes import QuoteItems
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.catalog.sheets import GetProductSheet
from shared.kernel import clock
from shared.kernel.money import Money
from shared.kernel.problems import Malformed

FINE = Policy(scale=4)


def test_p4_at_four_decimals_the_unit_is_as_fine_as_it_comes_and_the_line_in_cents() -> None:
    unit = priced(goods(off(a_list(Level.GROUP), "15"), base="12.99"), "3", FINE)

    assert unit == Decimal("11.0415")
    assert eur(str(unit)).line(Decimal(3)) == Money(Decimal("33.12"), "EUR")


def test_everything_that_makes_a_unit_price_is_rounded_to_the_scale() -> None:
    cost = Decimal("0.0100")

    assert priced(goods(base="0.0123"), policy=FINE) == Decimal("0.0123")
    assert priced(goods(base="0.0123", promotions=(a_sale("10"),)), policy=FINE) == Decimal("0.0111")
    floored = goods(off(a_list(Level.GROUP), "90"), base="0.0123", cost=cost)
    assert priced(floored, policy=Policy(scale=4, min_margin=Decimal("12.5"))) == Decimal("0.0113")
    limits = bounds(eur("0.0123"), Latitude(Decimal(10), Decimal(10)), 4)
    assert (limits.floor, limits.ceiling) == (eur("0.0111"), eur("0.0135"))


def test_a_floor_entered_by_a_finer_scale_makes_no_price_finer_than_the_shop_sells_by() -> None:
    tenth = a_row(a_list(Level.GROUP), "0.10")

    assert str(priced(goods(tenth, base="1.5055", floor="0.9951"))) == "1.00"
    assert str(priced(goods(base="1.5055", floor="0.9951", promotions=(a_sale("90"),)))) == "1.00"
    assert str(priced(goods(tenth, base="0.9951", floor="2"))) == "1.00"
    assert priced(goods(tenth, base="1.5055", floor="0.9951"), policy=FINE) == Decimal("0.9951")


@pytest.mark.parametrize(
    ("amount", "currency", "scale", "expected"),
    [
        ("1.00555", "EUR", None, "1.01"),
        ("1.00555", "EUR", 0, "1.01"),
        ("1.00555", "EUR", 3, "1.006"),
        ("1.00555", "TND", 2, "1.006"),
        ("1.555", "JPY", None, "2"),
        ("1.555", "JPY", 1, "1.6"),
    ],
)
def test_a_scale_is_never_coarser_than_the_currency(
    amount: str, currency: str, scale: int | None, expected: str
) -> None:
    assert str(rounded(Decimal(amount), currency, scale)) == expected
    assert too_fine(Decimal(expected), currency, scale) is None
    assert "unit_price_scale" in (too_fine(Decimal(amount), currency, scale) or "")


def test_a_scale_is_what_the_database_holds() -> None:
    assert [CatalogSettings(unit_price_scale=scale).unit_price_scale for scale in (None, 0, 4)] == [None, 0, 4]
    for wrong in (-1, 5):
        with pytest.raises(ValidationError):
            CatalogSettings(unit_price_scale=wrong)


async def test_fine_prices_are_entered_shown_quoted_and_held(shop: Shop, connection: AsyncConnection) -> None:
    await settled(shop, unit_price_scale=4)
    group, buyer = a_group(), a_buyer()
    await shop.knows(group, buyer)
    await shop.sells("screw", "0.0123", on_hand=1000)
    await shop.sells("nail", "0.0124")
    await does_its_jobs(shop, connection)

    assert await costs(shop, sku="screw") == ("0.0123", NET)
    quote = await shop(quote_items, QuoteItems(lines=[a_line("screw", 150), a_line("nail", 150)]))
    assert [str(line.net.amount) for line in quote.lines] == ["1.85", "1.86"]
    assert quote.subtotal == Money(Decimal("3.71"), "EUR")
    held = await shop.holds(a_hold(buyer, a_line("screw", 150)))
    assert held.lines[0].unit_price == eur("0.0123")
    found = await shop(search_products, SearchProducts(sort=Sort.PRICE, max_price=Decimal("0.0123")))
    assert ([product.code for product in found.items], found.price_range.lowest) == (["screw"], eur("0.0123"))
    await promoted(shop, clock.now(), value=Decimal(10), targets=["nail"])
    await does_its_jobs(shop, connection)
    reduced = await seen(shop, sku="nail")
    assert (reduced.unit_price, reduced.lowest_price_30d) == (eur("0.0112"), eur("0.0124"))


async def test_lists_promotions_groups_and_files_take_fine_prices(shop: Shop, connection: AsyncConnection) -> None:
    await settled(shop, unit_price_scale=4)
    group = a_group()
    await shop.knows(group)
    for sku in ("screw", "nail", "nut"):
        await shop.sells(sku, "0.0150")

    await agreed(shop, [EVERYONE], row("0.0141", "screw"))
    set_ = SetGroupPrice(sku="screw", group_id=group.id, unit_price=eur("0.0135"))
    assert (await shop(set_group_price, set_, KEEPER)).unit_price == eur("0.0135")
    less = {"kind": AdjustmentKind.AMOUNT_OFF, "value": Decimal("0.0005"), "currency": "EUR", "targets": ["screw"]}
    await promoted(shop, clock.now(), **less)
    await does_its_jobs(shop, connection)
    files = Files(shop)
    assert await files.faults(await files.read("products", ["sku,name,price", "bolt,Bolt,0.0223"])) == []
    assert await files.faults(await files.read("prices", ["sku,price", "nail,0.0151"])) == []
    list_ = await agreed(shop, [EVERYONE], row("0.0149", "nut"))
    in_list = await files.read("prices", ["sku,price", "nut,0.0148"], options={"price_list": list_.code})
    assert await files.faults(in_list) == []

    shown = {sku: (await costs(shop, sku=sku))[0] for sku in ("screw", "nail", "nut", "bolt")}
    assert shown == {"screw": "0.0136", "nail": "0.0151", "nut": "0.0148", "bolt": "0.0223"}


async def test_a_rule_moves_fine_prices_by_the_scale(shop: Shop, connection: AsyncConnection) -> None:
    await settled(shop, unit_price_scale=4)
    await shop.sells("screw", "0.0123")
    thousandths = Rounding(step=Decimal("0.001"))

    assert await differences(shop, await carried_out(shop, connection, a_rule("3"))) == {
        "screw": ("0.0123", "0.0127", "changed")
    }
    change = await carried_out(shop, connection, a_rule("3", rounding=thousandths))
    assert await differences(shop, change) == {"screw": ("0.0123", "0.013", "changed")}
    await settled(shop, unit_price_scale=None)
    with pytest.raises(PriceChangeInvalid):
        await carried_out(shop, connection, a_rule("3", rounding=thousandths))


async def test_what_is_finer_is_refused_by_the_name_of_the_setting(shop: Shop) -> None:
    await settled(shop, unit_price_scale=3)
    await shop.sells("screw", "0.012")
    buyer = a_buyer()
    await shop.knows(buyer)

    def by_hand(price: str) -> QuoteItems:
        return QuoteItems(customer_id=buyer.id, lines=[a_line("screw", unit_price=eur(price))])

    seller: Any = CLERK.model_copy(update={"permissions": CLERK.permissions | KEEPER.permissions})
    assert (await shop(quote_items, by_hand("0.011"), seller)).lines[0].unit_price == eur("0.011")
    price = SetBasePrice(sku="screw", expected_version=1, unit_price=eur("0.0123"))
    for asking in (shop(set_base_price, price, KEEPER), shop(quote_items, by_hand("0.0111"), seller)):
        with pytest.raises(Malformed) as refused:
            await asking
        (error,) = refused.value.errors
        assert error.code == UnitPriceTooFine.code
        assert "at most 3 decimals here" in error.message
        assert "unit_price_scale" in error.message


async def test_a_lower_scale_rounds_what_is_shown_and_changes_nothing_that_is_kept(shop: Shop) -> None:
    await settled(shop, unit_price_scale=4)
    made = await shop.sells("screw", "0.0151")
    assert await costs(shop, sku="screw") == ("0.0151", NET)

    await settled(shop, unit_price_scale=None)

    assert await costs(shop, sku="screw") == ("0.02", NET)
    sheet = await shop(get_product_sheet, GetProductSheet(id=made.id), KEEPER)
    assert sheet.variants[0].prices[0].unit_price == eur("0.0151")
    await settled(shop, unit_price_scale=3)
    assert await costs(shop, sku="screw") == ("0.015", NET)
