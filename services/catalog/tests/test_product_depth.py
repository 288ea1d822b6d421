"""Products with all their fields: written, edited, emptied, and refused where they contradict themselves."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.catalog.products import (
    ChangeProduct,
    CreateProduct,
    Option,
    ProductChanged,
    ProductCodeTaken,
    ProductCreated,
    ProductInvalid,
    ProductSheet,
    ProductStatus,
)
from shared.kernel.problems import PreconditionFailed

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
SIZE = {"code": "size", "name": "Taille", "values": ["S", "M"]}
SHIRT: dict[str, Any] = {
    "code": "SHIRT",
    "name": "Chemise d'été",
    "description": "En lin.",
    "translations": {"en": {"name": "Summer shirt", "description": "Linen."}},
    "options": [SIZE],
    "attributes": {"fabric": ["linen", "cotton"], "season": ["summer"]},
    "published_from": MAY,
    "published_until": JUNE,
    "variants": [
        {
            "sku": "SHIRT-S",
            "barcode": "3760000000017",
            "name": "Chemise S",
            "options": {"size": "S"},
            "prices": [
                {"unit_price": eur("39.90"), "original_price": eur("49.90"), "floor": eur("30")},
                {"unit_price": {"amount": "42.5", "currency": "USD"}},
            ],
            "unit": "metre",
            "quantity_decimals": 2,
            "weight": 250,
            "length": 300,
            "width": 200,
            "height": 40,
            "cost": eur("12.3456"),
        },
        {"sku": "SHIRT-M", "options": {"size": "M"}, "base_price": eur("39.90")},
    ],
}


def a_shirt(**given: Any) -> CreateProduct:
    return CreateProduct.model_validate(SHIRT | given)


def variants(*given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"sku": f"s{index}", "base_price": eur("1")} | one for index, one in enumerate(given)]


async def made(shop: Shop, **given: Any) -> ProductSheet:
    sheet: ProductSheet = await shop(create_product, a_shirt(**given), KEEPER)
    return sheet


async def test_all_that_is_said_of_a_product_is_on_its_sheet(shop: Shop) -> None:
    sheet = await made(shop)

    assert sheet.model_dump(include=SHIRT.keys() - {"variants", "options"}) == {
        name: value for name, value in SHIRT.items() if name not in ("variants", "options")
    }
    assert sheet.options == [Option.model_validate(SIZE)]
    small, medium = sheet.variants
    told = a_shirt().variants[0]
    assert {name: getattr(small, name) for name in ("sku", "barcode", "name", "options", "prices", "cost")} == {
        name: getattr(told, name) for name in ("sku", "barcode", "name", "options", "prices", "cost")
    }
    assert (small.unit, small.quantity_decimals, small.weight) == ("metre", 2, 250)
    assert (small.length, small.width, small.height) == (300, 200, 40)
    assert (medium.name, medium.status, medium.options) == ("Chemise d'été", ProductStatus.ACTIVE, {"size": "M"})


async def test_events_tell_prices_in_all_currencies_and_never_a_cost_or_a_floor(shop: Shop) -> None:
    await made(shop)

    created = shop.emitted[-1]
    assert isinstance(created, ProductCreated)
    small = created.product.variants[0]
    assert small.base_price == eur("39.90")
    assert [price.currency for price in small.base_prices] == ["EUR", "USD"]
    assert (created.product.published_from, created.product.published_until) == (MAY, JUNE)
    written = created.model_dump_json()
    assert not any(secret in written for secret in ("12.3456", "49.90", '"30'))


async def test_what_everyone_pays_is_remembered_from_the_beginning(shop: Shop, connection: AsyncConnection) -> None:
    await made(shop)

    history = "SELECT sku, currency, amount FROM public_prices JOIN variants ON variants.id = variant_id"
    rows = await connection.execute(text(f"{history} ORDER BY position, currency"))
    assert [(sku, currency, str(amount)) for sku, currency, amount in rows] == [
        ("SHIRT-S", "EUR", "39.9000"),
        ("SHIRT-S", "USD", "42.5000"),
        ("SHIRT-M", "EUR", "39.9000"),
    ]


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        ({"published_until": MAY}, ["/published_until"]),
        ({"options": []}, ["/variants/0/options/size", "/variants/1/options/size"]),
        ({"options": [SIZE, SIZE]}, ["/options/1/code"]),
        ({"variants": variants({"options": {"size": "XL"}})}, ["/variants/0/options/size"]),
        ({"variants": variants(*[{"options": {"size": "S"}}] * 2)}, ["/variants/1/options"]),
        ({"variants": variants({"options": {"size": "S"}, "base_price": None})}, ["/variants/0/base_price"]),
        (
            {"variants": variants({"options": {"size": "S"}, "prices": [{"unit_price": eur("2")}]})},
            ["/variants/0/prices/0"],
        ),
    ],
)
async def test_a_product_that_contradicts_itself_is_refused_and_nothing_changes(
    shop: Shop, connection: AsyncConnection, given: dict[str, Any], pointers: list[str]
) -> None:
    with pytest.raises(ProductInvalid) as refused:
        await made(shop, **given)

    assert [error.pointer for error in refused.value.errors] == pointers
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 0


async def test_a_code_is_taken_once(shop: Shop) -> None:
    sheet = await made(shop)
    other = await shop.sells("chair")

    with pytest.raises(ProductCodeTaken):
        await made(shop, variants=variants({"options": {"size": "S"}}))
    with pytest.raises(ProductCodeTaken):
        await shop(change_product, ChangeProduct(id=other.id, expected_version=1, code="SHIRT"), KEEPER)

    same = await shop(change_product, ChangeProduct(id=sheet.id, expected_version=1, code="SHIRT"), KEEPER)
    assert (same.code, same.version) == ("SHIRT", 2)


async def test_everything_of_a_product_can_be_edited(shop: Shop) -> None:
    sheet = await made(shop)
    edit = {
        "code": "BLOUSE",
        "name": "Blouse",
        "translations": {"en": {"name": "Blouse"}},
        "attributes": {"fabric": ["silk"]},
        "published_until": datetime(2026, 7, 1, tzinfo=UTC),
        "status": ProductStatus.DISCONTINUED,
    }

    edited = await shop(
        change_product, ChangeProduct.model_validate(edit | {"id": sheet.id, "expected_version": 1}), KEEPER
    )

    assert edited.model_dump(include=edit.keys(), exclude_none=True) == edit
    assert (edited.published_from, edited.description, edited.options) == (MAY, "En lin.", sheet.options)
    assert isinstance(shop.emitted[-1], ProductChanged)


async def test_a_publication_window_is_opened_by_emptying_its_ends(shop: Shop) -> None:
    sheet = await made(shop)
    opened = ChangeProduct.model_validate(
        {"id": sheet.id, "expected_version": 1, "clear": ["published_from", "published_until"]}
    )
    edited = await shop(change_product, opened, KEEPER)

    assert (edited.published_from, edited.published_until) == (None, None)


async def test_a_window_is_judged_with_the_end_that_stays(shop: Shop) -> None:
    sheet = await made(shop)
    late = ChangeProduct(id=sheet.id, expected_version=1, published_from=datetime(2026, 8, 1, tzinfo=UTC))

    with pytest.raises(ProductInvalid) as refused:
        await shop(change_product, late, KEEPER)

    assert refused.value.errors[0].code == "WINDOW_EMPTY"


async def test_options_change_together_with_the_values_of_the_variants(shop: Shop) -> None:
    sheet = await made(shop)
    colour = {"code": "colour", "name": "Couleur", "values": ["bleu", "blanc"]}
    edit = {"id": sheet.id, "expected_version": 1, "options": [SIZE, colour]}
    values = {"SHIRT-S": {"size": "S", "colour": "bleu"}, "SHIRT-M": {"size": "M", "colour": "bleu"}}

    with pytest.raises(ProductInvalid) as refused:
        await shop(change_product, ChangeProduct.model_validate(edit), KEEPER)
    edited = await shop(change_product, ChangeProduct.model_validate(edit | {"variant_options": values}), KEEPER)

    assert [error.pointer for error in refused.value.errors] == ["/variant_options/SHIRT-S", "/variant_options/SHIRT-M"]
    assert [variant.options for variant in edited.variants] == list(values.values())
    fewer = ChangeProduct.model_validate(edit | {"expected_version": 2, "options": [SIZE]})
    assert [one.options for one in (await shop(change_product, fewer, KEEPER)).variants] == [
        {"size": "S"},
        {"size": "M"},
    ]


async def test_values_of_a_variant_the_product_has_not_are_refused(shop: Shop) -> None:
    sheet = await made(shop)
    edit = {"id": sheet.id, "expected_version": 1, "variant_options": {"a/b": {"size": "S"}}}

    with pytest.raises(ProductInvalid) as refused:
        await shop(change_product, ChangeProduct.model_validate(edit), KEEPER)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/variant_options/a~1b", "VARIANT_UNKNOWN")
    ]


async def test_who_edits_what_another_edited_reads_again(shop: Shop) -> None:
    sheet = await made(shop)
    await shop(change_product, ChangeProduct(id=sheet.id, expected_version=1, name="Blouse"), KEEPER)

    with pytest.raises(PreconditionFailed):
        await shop(change_product, ChangeProduct(id=sheet.id, expected_version=1, name="Polo"), KEEPER)
