"""Sheets: what keepers find, whether or not the shop shows it; and the words that products are found by."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.products import change_product, create_product
from services.catalog.handlers.queries.products import get_product_sheet, list_product_sheets
from services.catalog.tests.samples import KEEPER, Shop, eur
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.products import ChangeProduct, CreateProduct, ProductNotFound, ProductSheet, ProductStatus
from shared.contracts.catalog.sheets import GetProductSheet, ListProductSheets
from shared.kernel.ids import new_id


async def made(shop: Shop, sku: str, name: str, **given: Any) -> ProductSheet:
    told = {"name": name, "variants": [{"sku": sku, "base_price": eur("1"), "barcode": f"BAR-{sku}"}]} | given
    sheet: ProductSheet = await shop(create_product, CreateProduct.model_validate(told), KEEPER)
    return sheet


async def found(shop: Shop, **asked: Any) -> list[str]:
    page = await shop(list_product_sheets, ListProductSheets(**asked), KEEPER)
    return [sheet.code for sheet in page.items]


async def test_keepers_find_what_the_shop_does_not_show(shop: Shop) -> None:
    await made(shop, "old", "Old chair", published_until=datetime(2020, 1, 1, tzinfo=UTC))
    gone = await made(shop, "gone", "Gone chair")
    discontinued = ChangeProduct(id=gone.id, expected_version=1, status=ProductStatus.DISCONTINUED)
    sheet = await shop(change_product, discontinued, KEEPER)

    assert await found(shop) == ["gone", "old"]
    assert await found(shop, status="discontinued") == ["gone"]
    assert await shop(get_product_sheet, GetProductSheet(id=gone.id), KEEPER) == sheet
    with pytest.raises(ProductNotFound):
        await shop(get_product_sheet, GetProductSheet(id=new_id()), KEEPER)


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("fauteuil", ["A-1"]),
        ("FAUTEUIL été", ["A-1"]),
        ("ete", ["A-1"]),
        ("armchair", ["A-1"]),
        ("bar-a", ["A-1"]),
        ("velours", ["A-1"]),
        ("fauteuil lampe", []),
        ("100%", []),
        ("_", []),
        ("\\", []),
        ("b-", ["B-1"]),
    ],
)
async def test_products_are_found_by_words_without_their_accents(shop: Shop, q: str, codes: list[str]) -> None:
    english = {"en": {"name": "Summer armchair", "description": "hidden text"}}
    await made(shop, "A-1", "Fauteuil d'Été", translations=english, attributes={"fabric": ["Velours"]})
    await made(shop, "B-1", "Lampe")

    assert await found(shop, q=q) == codes


async def test_products_are_found_by_sku_code_and_category(shop: Shop) -> None:
    seats = await shop(create_category, CreateCategory(code="seats", name="Seats"), KEEPER)
    stools = await shop(create_category, CreateCategory(code="stools", name="Stools", parent_id=seats.id), KEEPER)
    await made(shop, "A-1", "Stool", code="STOOL", category_ids=[stools.id])
    await made(shop, "B-1", "Lamp")

    assert await found(shop, sku="A-1") == ["STOOL"]
    assert await found(shop, code="STOOL") == ["STOOL"]
    assert await found(shop, category_id=seats.id) == ["STOOL"]
    assert await found(shop, category_id=new_id()) == []
    assert await found(shop, sku="a-1") == []


async def test_sheets_come_by_the_page(shop: Shop) -> None:
    for number in range(5):
        await made(shop, f"sku-{number}", "Chair")

    first = await shop(list_product_sheets, ListProductSheets(limit=3), KEEPER)
    rest = await shop(list_product_sheets, ListProductSheets(limit=3, cursor=first.next), KEEPER)

    assert [sheet.code for sheet in first.items + rest.items] == [f"sku-{number}" for number in (4, 3, 2, 1, 0)]
    assert rest.next is None


@pytest.mark.parametrize(
    ("query", "weight"),
    [
        ("to_tsquery('french', 'fauteuil')", "A"),
        ("to_tsquery('english', 'armchairs')", "A"),
        ("to_tsquery('simple', 'bar-a-1')", "A"),
        ("to_tsquery('simple', 'velours')", "B"),
        ("to_tsquery('english', 'cosy')", "C"),
        ("to_tsquery('french', 'confortables')", "C"),
    ],
)
async def test_what_is_searched_weighs_by_where_it_stands(
    shop: Shop, connection: AsyncConnection, query: str, weight: str
) -> None:
    english = {"en": {"name": "Armchair", "description": "Cosy"}}
    attributes = {"fabric": ["Velours"]}
    await made(shop, "A-1", "Fauteuils", description="Confortable", translations=english, attributes=attributes)

    only = f"SELECT ts_filter(search, '{{{weight.lower()}}}') @@ {query} FROM products"
    assert await connection.scalar(text(only))


async def test_words_follow_an_edit(shop: Shop) -> None:
    chair = await made(shop, "A-1", "Chair")
    await shop(change_product, ChangeProduct(id=chair.id, expected_version=1, name="Stool"), KEEPER)

    assert (await found(shop, q="stool"), await found(shop, q="a-1")) == (["A-1"], ["A-1"])
