"""Prices are no finer than their currency, wherever they are entered; what would be rounded away is refused."""

from decimal import Decimal
from typing import Any

import pytest

from services.catalog.domain.prices import too_fine
from services.catalog.handlers.commands.prices import set_base_price, set_group_price
from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.commands.variants import change_variant
from services.catalog.tests.dealing import EVERYONE, agreed, off, row
from services.catalog.tests.importing import Files
from services.catalog.tests.promoting import promoted
from services.catalog.tests.samples import KEEPER, Shop, a_group, eur
from shared.contracts.catalog.price_lists import AdjustmentKind
from shared.contracts.catalog.prices import SetBasePrice, SetGroupPrice, UnitPriceTooFine
from shared.contracts.catalog.products import BasePriceView, CreateProduct, NewVariant
from shared.contracts.catalog.variants import ChangeVariant
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Malformed

TOO_FINE = UnitPriceTooFine.code
FINE = eur("0.015")


@pytest.mark.parametrize(
    ("amount", "currency", "fine"),
    [
        ("0.015", "EUR", True),
        ("0.0040", "EUR", True),
        ("12.5000", "EUR", False),
        ("100", "JPY", False),
        ("100.5", "JPY", True),
        ("1.005", "TND", False),
        ("1.0005", "TND", True),
        ("9" * 40, "EUR", False),
    ],
)
def test_an_amount_is_too_fine_beyond_the_decimals_of_its_currency(amount: str, currency: str, fine: bool) -> None:
    remedy = too_fine(Decimal(amount), currency)

    assert (remedy is not None) is fine
    assert remedy is None or "round it" in remedy


async def refused(asked: Any) -> list[tuple[str, str]]:
    """Return what a request is refused for: pointer and code of each fault."""
    with pytest.raises(Malformed) as problem:
        await asked
    assert all(error.message for error in problem.value.errors)
    return [(error.pointer, error.code) for error in problem.value.errors]


async def test_base_prices_finer_than_their_currency_are_refused(shop: Shop) -> None:
    prices = [BasePriceView(unit_price=FINE, original_price=eur("0.0201"), floor=eur("0.001"))]
    names = ("unit_price", "original_price", "floor")
    short = CreateProduct(name="Screw", variants=[NewVariant(sku="screw", base_price=FINE)])
    long = CreateProduct(name="Screw", variants=[NewVariant(sku="screw", prices=prices)])

    assert await refused(shop(create_product, short, KEEPER)) == [("/variants/0/base_price", TOO_FINE)]
    of_long = await refused(shop(create_product, long, KEEPER))
    assert of_long == [(f"/variants/0/prices/0/{name}", TOO_FINE) for name in names]

    made = await shop.sells("screw", "0.02")
    changed = ChangeVariant(id=made.id, variant_id=made.variants[0].id, expected_version=1, prices=prices)
    of_change = await refused(shop(change_variant, changed, KEEPER))
    assert of_change == [(f"/prices/0/{name}", TOO_FINE) for name in names]
    command = SetBasePrice(sku="screw", expected_version=1, **prices[0].model_dump())
    assert await refused(shop(set_base_price, command, KEEPER)) == [(f"/{name}", TOO_FINE) for name in names]


async def test_agreed_prices_and_amounts_off_finer_than_their_currency_are_refused_and_percents_are_not(
    shop: Shop,
) -> None:
    group = a_group()
    await shop.knows(group)
    await shop.sells("chair")
    own = SetGroupPrice(sku="chair", group_id=group.id, unit_price=FINE)
    less = {"kind": AdjustmentKind.AMOUNT_OFF, "value": Decimal("0.015"), "currency": "EUR"}

    assert await refused(shop(set_group_price, own, KEEPER)) == [("/unit_price", TOO_FINE)]
    rows = [row("0.015"), row("0.005", kind=AdjustmentKind.AMOUNT_OFF, min_qty="2")]
    assert await refused(agreed(shop, [EVERYONE], *rows)) == [(f"/rows/{at}/value", TOO_FINE) for at in (0, 1)]
    assert await refused(promoted(shop, **less)) == [("/value", TOO_FINE)]
    await agreed(shop, [EVERYONE], off("12.3456"))
    assert (await promoted(shop, value=Decimal("0.125"))).value == Decimal("0.125")


async def test_files_say_of_a_cell_that_it_is_finer_than_its_currency(shop: Shop) -> None:
    files = Files(shop)
    await shop.sells("chair")
    await shop.sells("nail")

    goods = await files.read("products", ["sku,name,price,floor", "nut,Nut,0.015,", "bolt,Bolt,1,0.015"])
    prices = await files.read("prices", ["sku,price,original_price,currency", "chair,100.5,,JPY", "chair,1,2.005,EUR"])
    view = await agreed(shop, [EVERYONE], row("90"))
    in_list = ["sku,price,amount_off", "chair,0.015,", "nail,,0.015"]
    rows = await files.read("prices", in_list, options={"price_list": view.code})

    assert await files.faults(goods) == [(2, "price", TOO_FINE), (3, "floor", TOO_FINE)]
    assert await files.faults(prices) == [(2, "price", TOO_FINE), (3, "original_price", TOO_FINE)]
    assert await files.faults(rows) == [(2, "price", TOO_FINE), (3, "amount_off", TOO_FINE)]


async def test_what_stands_beside_a_base_price_is_in_its_currency_and_no_floor_is_above_it(shop: Shop) -> None:
    await shop.sells("chair")
    dollars = UnitPrice(Decimal(150), "USD")

    async def faults(**beside: UnitPrice) -> list[tuple[str, str]]:
        command = SetBasePrice(sku="chair", expected_version=1, unit_price=eur("100"), **beside)
        return await refused(shop(set_base_price, command, KEEPER))

    assert await faults(floor=dollars, original_price=dollars) == [
        ("/original_price", "CURRENCY_DIFFERS"),
        ("/floor", "CURRENCY_DIFFERS"),
    ]
    assert await faults(floor=eur("150")) == [("/floor", "FLOOR_ABOVE_PRICE")]
