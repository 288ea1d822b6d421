"""Variants of a product, one by one: added, edited, put in order, deactivated."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.products import create_product
from services.catalog.handlers.commands.variants import add_variant, change_variant, order_variants
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.actor import Permission
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import (
    BasePriceView,
    CreateProduct,
    ProductChanged,
    ProductInvalid,
    ProductNotFound,
    ProductSheet,
    ProductStatus,
    SkuTaken,
)
from shared.contracts.catalog.variants import AddVariant, ChangeVariant, OrderVariants
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden, IdempotencyMismatch, PreconditionFailed
from shared.testing import staff

COLOUR = {"code": "colour", "name": "Colour", "values": ["red", "blue", "green"]}


async def a_chair(shop: Shop) -> ProductSheet:
    given = {
        "name": "Chair",
        "options": [COLOUR],
        "variants": [
            {"sku": colour, "options": {"colour": colour}, "base_price": eur("10")} for colour in ("red", "blue")
        ],
    }
    sheet: ProductSheet = await shop(create_product, CreateProduct.model_validate(given), KEEPER)
    return sheet


def green(chair: ProductSheet, **given: Any) -> AddVariant:
    told = {"id": chair.id, "sku": "green", "options": {"colour": "green"}, "base_price": eur("11")}
    return AddVariant.model_validate(told | given)


def of_red(chair: ProductSheet, **given: Any) -> ChangeVariant:
    named = {"id": chair.id, "variant_id": chair.variants[0].id, "expected_version": chair.version}
    return ChangeVariant.model_validate(named | given)


async def test_a_variant_comes_after_those_there_are_with_an_empty_stock(
    shop: Shop, connection: AsyncConnection
) -> None:
    chair = await a_chair(shop)

    more = await shop(add_variant, green(chair), KEEPER)

    assert ([one.sku for one in more.variants], more.version) == (["red", "blue", "green"], 2)
    assert more.variants[2].name == "Chair"
    assert await connection.scalar(text("SELECT count(*) FROM stocks WHERE on_hand = 0")) == 3
    assert isinstance(shop.emitted[-1], ProductChanged)


async def test_the_same_key_adds_one_variant(shop: Shop) -> None:
    chair = await a_chair(shop)

    once = await shop(add_variant, green(chair), KEEPER, request_key="k1", digest=b"1")
    again = await shop(add_variant, green(chair), KEEPER, request_key="k1", digest=b"1")

    assert (len(again.variants), again.version) == (len(once.variants), once.version)
    with pytest.raises(IdempotencyMismatch):
        await shop(add_variant, green(chair, name="Other"), KEEPER, request_key="k1", digest=b"2")


@pytest.mark.parametrize(
    ("given", "problem", "pointer"),
    [
        ({"options": {"colour": "red"}}, ProductInvalid, "/options"),
        ({"options": {"colour": "pink"}}, ProductInvalid, "/options/colour"),
        ({"options": {}}, ProductInvalid, "/options"),
        ({"base_price": None}, ProductInvalid, "/base_price"),
        ({"sku": "red"}, SkuTaken, "/sku"),
    ],
)
async def test_a_variant_that_does_not_fit_is_refused(
    shop: Shop, given: dict[str, Any], problem: type[ProductInvalid | SkuTaken], pointer: str
) -> None:
    chair = await a_chair(shop)

    with pytest.raises(problem) as refused:
        await shop(add_variant, green(chair, **given), KEEPER)

    assert [error.pointer for error in refused.value.errors] == [pointer]


async def test_there_is_nothing_to_add_a_variant_to(shop: Shop) -> None:
    with pytest.raises(ProductNotFound):
        await shop(add_variant, AddVariant(id=new_id(), sku="green", base_price=eur("1")), KEEPER)


async def test_everything_of_a_variant_can_be_edited_and_what_may_be_unknown_emptied(shop: Shop) -> None:
    chair = await a_chair(shop)
    edit = {"sku": "crimson", "barcode": "12345678", "name": "Crimson chair", "commissionable": False, "unit": "m"}
    sizes = {"quantity_decimals": 1, "weight": 1200, "length": 400, "width": 410, "height": 900}

    edited = await shop(change_variant, of_red(chair, **edit, **sizes, cost=eur("4.20")), KEEPER)
    emptied = await shop(change_variant, of_red(edited, clear=["cost", "weight", "barcode"]), KEEPER)

    crimson = edited.variants[0]
    assert crimson.model_dump(include=edit.keys() | sizes.keys()) == edit | sizes
    assert (crimson.cost, crimson.options) == (eur("4.20"), {"colour": "red"})
    bare = emptied.variants[0]
    assert (bare.cost, bare.weight, bare.barcode, bare.length) == (None, None, None, 400)
    assert (edited.version, emptied.version) == (2, 3)


async def test_a_price_is_set_by_currency_and_withdrawn_by_currency(shop: Shop, connection: AsyncConnection) -> None:
    chair = await a_chair(shop)
    euros = {"unit_price": eur("9"), "original_price": eur("10"), "floor": eur("8")}
    dollars = {"unit_price": {"amount": "12", "currency": "USD"}}

    priced = await shop(change_variant, of_red(chair, prices=[euros, dollars]), KEEPER)
    only_dollars = await shop(change_variant, of_red(priced, withdrawn=["EUR"]), KEEPER)

    assert priced.variants[0].prices == [BasePriceView.model_validate(given) for given in (euros, dollars)]
    assert [price.unit_price.currency for price in only_dollars.variants[0].prices] == ["USD"]
    history = text("SELECT count(*) FROM public_prices JOIN variants ON variants.id = variant_id WHERE sku = 'red'")
    assert await connection.scalar(history) == 3


async def test_who_may_not_set_prices_does_not_set_them_here(shop: Shop) -> None:
    chair = await a_chair(shop)
    writer = staff(Permission.CATALOG_WRITE)

    for given in ({"prices": [{"unit_price": eur("1")}]}, {"withdrawn": ["EUR"]}):
        with pytest.raises(Forbidden):
            await shop(change_variant, of_red(chair, **given), writer)

    renamed = await shop(change_variant, of_red(chair, name="Red chair"), writer)
    assert renamed.variants[0].name == "Red chair"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"options": {"colour": "blue"}}, "/options"),
        ({"options": {"cut": "slim", "colour": "red"}}, "/options/cut"),
        ({"prices": [{"unit_price": eur("1"), "floor": eur("2")}]}, "/prices/0/floor"),
    ],
)
async def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(
    shop: Shop, connection: AsyncConnection, given: dict[str, Any], pointer: str
) -> None:
    chair = await a_chair(shop)

    with pytest.raises(ProductInvalid) as refused:
        await shop(change_variant, of_red(chair, name="Other", **given), KEEPER)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert await connection.scalar(text("SELECT name FROM variants WHERE sku = 'red'")) == "Chair"


async def test_a_sku_stays_nobody_elses(shop: Shop) -> None:
    chair = await a_chair(shop)

    with pytest.raises(SkuTaken):
        await shop(change_variant, of_red(chair, sku="blue"), KEEPER)
    same = await shop(change_variant, of_red(chair, sku="red"), KEEPER)

    assert same.variants[0].sku == "red"


async def test_ca2_a_variant_is_deactivated_and_comes_back_unless_another_took_its_place(shop: Shop) -> None:
    chair = await a_chair(shop)
    gone = await shop(change_variant, of_red(chair, status="discontinued"), KEEPER)
    again = await shop(change_variant, of_red(gone, status="active"), KEEPER)
    assert [one.status for one in again.variants] == [ProductStatus.ACTIVE] * 2

    gone = await shop(change_variant, of_red(again, status="discontinued"), KEEPER)
    heir = await shop(add_variant, green(gone, sku="red-2", options={"colour": "red"}), KEEPER)
    with pytest.raises(ProductInvalid) as refused:
        await shop(change_variant, of_red(heir, status="active"), KEEPER)

    assert refused.value.errors[0].code == "COMBINATION_TWICE"


async def test_variants_stand_in_the_order_they_are_put_in(shop: Shop) -> None:
    chair = await shop(add_variant, green(await a_chair(shop)), KEEPER)
    ids = [variant.id for variant in chair.variants]
    turned = [ids[2], ids[0], ids[1]]

    ordered = await shop(order_variants, OrderVariants(id=chair.id, expected_version=2, variant_ids=turned), KEEPER)
    with pytest.raises(ProductInvalid) as refused:
        await shop(order_variants, OrderVariants(id=chair.id, expected_version=3, variant_ids=ids[:2]), KEEPER)

    assert ([variant.id for variant in ordered.variants], ordered.version) == (turned, 3)
    assert refused.value.errors[0].code == "VARIANT_MISSING"


async def test_a_variant_of_another_product_is_not_found_here(shop: Shop) -> None:
    chair, table = await a_chair(shop), await shop.sells("table")
    foreign = {"id": chair.id, "variant_id": table.variants[0].id, "expected_version": 1}

    with pytest.raises(VariantNotFound):
        await shop(change_variant, ChangeVariant.model_validate(foreign | {"name": "Mine"}), KEEPER)
    with pytest.raises(PreconditionFailed):
        await shop(change_variant, of_red(chair, expected_version=7), KEEPER)
