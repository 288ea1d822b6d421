"""What goods that come by file are found by, and what everyone pays for them: the same as of any other goods."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.book import RuleBook
from services.catalog.domain.pricing.facts import Base, Goods
from services.catalog.domain.pricing.resolve import resolve
from services.catalog.domain.public_prices import PublicGoods, public_price
from services.catalog.repository.search import refresh_search
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop
from shared.contracts.catalog.catalog_settings import THE_BOOK, CatalogSettings
from shared.testing.fixtures import session_on

HEADER = "sku,code,name,name_fr,description,description_en,attributes,barcode,variant_name,options,price"
ROWS = [
    "S-1,SHIRT,Shirt,Chemise d'été,Cotton,Of cotton,origin=Peru|label=Bio,3760123456789,Shirt M,size=M,10",
    "S-2,SHIRT,,,,,,,,size=L,12",
    "PLAIN,,Plain,,,,,,,,3",
]


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


async def found_by(connection: AsyncConnection) -> dict[str, tuple[str, str]]:
    rows = await connection.execute(text("SELECT code, words, search::text FROM products ORDER BY code"))
    return {row.code: (row.words, row.search) for row in rows}


async def check_search(connection: AsyncConnection) -> dict[str, tuple[str, str]]:
    """Return what products are found by, which is what they would be found by after any other change."""
    written = await found_by(connection)
    ids = list(await connection.scalars(text("SELECT id FROM products")))
    async with session_on(connection) as session:
        await refresh_search(session, ids)
        await session.commit()
    assert await found_by(connection) == written
    return written


async def test_new_goods_are_found_by_all_their_words(files: Files, connection: AsyncConnection) -> None:
    await files.read("products", [HEADER, *ROWS])

    words, search = (await check_search(connection))["SHIRT"]
    assert words == "shirt chemise d'ete shirt s-1 3760123456789 shirt m s-2 bio peru"
    assert "'cotton'" in search


async def test_goods_that_a_file_changes_are_found_by_what_they_are_now(
    files: Files, connection: AsyncConnection
) -> None:
    await files.read("products", [HEADER, *ROWS])
    await files.read("products", ["sku,code,name,barcode,options", "S-2,SHIRT,Blouse,0042,size=L"])
    words, _ = (await check_search(connection))["SHIRT"]
    assert words.startswith("blouse chemise")
    assert "0042" in words


@given(
    st.decimals(0, 10**6, places=4), st.none() | st.decimals(0, 100, places=2), st.sampled_from(["EUR", "JPY", "TND"])
)
def test_where_nothing_else_counts_everyone_pays_the_base_price(
    amount: Decimal, cost: Decimal | None, currency: str
) -> None:
    book = RuleBook(THE_BOOK, CatalogSettings(min_margin_percent=Decimal(50)))
    base = Base(amount, floor=amount / 2)
    goods = PublicGoods(UUID(int=1), UUID(int=2), [UUID(int=3)], currency, base, cost)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    resolved = resolve(Goods(UUID(int=1), UUID(int=2), base, cost=cost), currency, book.policy).public_price

    assert resolved is not None
    assert public_price(goods, book, {}, at, None) == resolved.amount
