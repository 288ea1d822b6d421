"""Pages of large things end early, below what one message carries, and their cursors miss nothing."""

from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.queries.exports import export_rows
from services.catalog.handlers.queries.price_lists import list_price_lists
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import list_products, list_related_products
from services.catalog.tests.dealing import agreed, row
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import VISITOR
from shared.contracts.catalog.exports import ExportRows
from shared.contracts.catalog.price_lists import ListPriceLists, ListTarget, TargetKind
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.catalog.storefront import ListProducts, ListRelatedProducts
from shared.database.pages import fitting
from shared.kernel.ids import new_id
from shared.messaging.lanes import LARGEST

MANY = 110
PUT = [
    """INSERT INTO products (id, code, name, description, status, translations)
    SELECT gen_random_uuid(), 'polo-' || lpad(number::text, 3, '0'), 'Polo ' || number, repeat('é', 5000), 'active',
        jsonb_build_object('en', jsonb_build_object('name', 'Polo', 'description', repeat('à', 5000)))
    FROM generate_series(1, :many) AS number""",
    """INSERT INTO variants (id, product_id, position, sku, name, tax_category, commissionable)
    SELECT gen_random_uuid(), id, 0, code, name, 'standard', true FROM products""",
    "INSERT INTO stocks (variant_id) SELECT id FROM variants",
    "INSERT INTO base_prices (variant_id, currency, amount) SELECT id, 'EUR', 10 FROM variants",
    """INSERT INTO product_links (product_id, kind, linked_id, position)
    SELECT polo.id, 'cross_sell', other.id, row_number() OVER (ORDER BY other.code)
    FROM products AS polo JOIN products AS other ON other.id <> polo.id WHERE polo.code = 'polo-001'""",
]


@pytest.fixture
async def polos(connection: AsyncConnection) -> None:
    """More products than a page has, each of more than 10 kB as it is shown."""
    for sentence in PUT:
        await connection.execute(text(sentence), {"many": MANY} if ":many" in sentence else {})


def size(reply: BaseModel) -> int:
    return len(reply.model_dump_json().encode())


@pytest.mark.parametrize(("sizes", "expected"), [([], 0), ([9], 1), ([4, 4, 4], 2), ([5, 5], 2), ([1, 9, 1], 2)])
def test_as_much_stands_on_a_page_as_fits_and_the_first_always_does(sizes: list[int], expected: int) -> None:
    assert fitting(sizes, most=10) == expected
    assert fitting(sizes, most=0) == min(1, len(sizes))


async def test_an_export_of_long_descriptions_ends_its_pages_early(shop: Shop, polos: None) -> None:
    page = await shop(export_rows, ExportRows(kind="products"), KEEPER)

    assert size(page) < LARGEST
    assert 0 < len(page.rows) < MANY
    rows = await Files(shop).exported("products")
    assert [one["sku"] for one in rows] == [f"polo-{number:03}" for number in range(1, MANY + 1)]


@pytest.mark.parametrize(
    ("handler", "query"),
    [
        (list_products, ListProducts(limit=100)),
        (search_products, SearchProducts(limit=100, sort=Sort.NAME)),
        (search_products, SearchProducts(limit=100, sort=Sort.PRICE)),
    ],
)
async def test_a_page_of_large_products_ends_early_and_the_next_goes_on(
    shop: Shop, polos: None, handler: Any, query: Any
) -> None:
    found: list[str] = []
    page = await shop(handler, query, VISITOR)
    assert len(page.items) < 100
    while True:
        assert size(page) < LARGEST
        found += [one.code for one in page.items]
        if page.next is None:
            break
        page = await shop(handler, query.model_copy(update={"cursor": page.next}), VISITOR)

    assert (len(found), len(set(found))) == (MANY, MANY)


async def test_of_many_large_products_that_one_leads_to_the_first_are_shown(
    shop: Shop, connection: AsyncConnection, polos: None
) -> None:
    polo = await connection.scalar(text("SELECT id FROM products WHERE code = 'polo-001'"))

    related = await shop(list_related_products, ListRelatedProducts(id=polo), VISITOR)

    assert size(related) < LARGEST
    assert [one.code for one in related.items] == [f"polo-{number:03}" for number in range(2, len(related.items) + 2)]
    assert len(related.items) > 1


async def test_a_page_of_price_lists_for_very_many_ends_early(shop: Shop) -> None:
    await shop.sells("chair")
    for _ in range(14):
        targets = [ListTarget(kind=TargetKind.CUSTOMER, id=new_id()) for _ in range(1_000)]
        await agreed(shop, targets, row("90"))

    page = await shop(list_price_lists, ListPriceLists(limit=100), KEEPER)
    assert size(page) < LARGEST
    found = [one.id for one in page.items]
    while page.next is not None:
        page = await shop(list_price_lists, ListPriceLists(limit=100, cursor=page.next), KEEPER)
        found += [one.id for one in page.items]

    assert len(set(found)) == len(found) == 14
