"""Prices by file: base prices, and the rows of price lists."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.price_lists import create_price_list
from services.catalog.tests.importing import Files, as_csv
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.bulk import ImportKind, ImportState, StartImport
from shared.contracts.catalog.price_lists import CreatePriceList, PriceListChanged, PriceListNotFound

ROWS = [
    "sku,product,min_qty,price,percent_off,amount_off",
    "chair,,,90,,",
    "chair,,10,80,,",
    ",lamp,,,12.5,",
    ",,,,,1",
]


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


async def a_list(shop: Shop, code: str = "dealers", level: str = "market") -> None:
    given = {"code": code, "name": "Dealers", "level": level, "currency": "EUR", "status": "active"}
    await shop(create_price_list, CreatePriceList(**given, targets=[{"kind": "everyone"}]), KEEPER)


async def rows_of(connection: AsyncConnection) -> list[tuple[Any, ...]]:
    found = await connection.execute(
        text("SELECT scope, min_qty::int, kind, value::text, version FROM price_rows ORDER BY number")
    )
    return [tuple(row) for row in found]


async def test_base_prices_change_in_their_own_currency(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    await shop.sells("chair", "100.00")
    run = await files.read("prices", ["sku,price,original_price,currency", "chair,90,100,EUR", "chair,95,,CHF"])

    assert (run.state, run.created_rows, run.changed_rows) == (ImportState.DONE, 1, 1)
    found = await connection.execute(text("SELECT currency, amount::int, original::int FROM base_prices ORDER BY 1"))
    assert [tuple(row) for row in found] == [("CHF", 95, None), ("EUR", 90, 100)]
    assert await connection.scalar(text("SELECT version FROM products")) == 2


async def test_rows_of_a_price_list_are_set_and_told(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    await shop.sells("chair", "100.00")
    await shop.sells("lamp", "10.00")
    await a_list(shop)
    run = await files.read("prices", ROWS, options={"price_list": "dealers"})

    assert (run.state, run.created_rows, await files.faults(run)) == (ImportState.DONE, 4, [])
    assert await rows_of(connection) == [
        ("variant", 1, "fixed", "90.0000", 1),
        ("variant", 10, "fixed", "80.0000", 1),
        ("product", 1, "percent_off", "12.5000", 1),
        ("all", 1, "amount_off", "1.0000", 1),
    ]
    assert sum(isinstance(event, PriceListChanged) for event in shop.emitted) == 1
    assert "RecordPublicPrices" in set(await connection.scalars(text("SELECT kind FROM jobs")))
    exported = await files.exported("prices", price_list="dealers", limit=3)
    again = await files.read("prices", as_csv(exported), options={"price_list": "dealers"})
    assert (again.unchanged_rows, again.failed_rows) == (4, 0)
    changed = await files.read("prices", [ROWS[0], "chair,,10,79,,"], options={"price_list": "dealers"})
    assert (changed.changed_rows, (await rows_of(connection))[1][3:]) == (1, ("79.0000", 2))


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("chair,,,90,5,", "price", "VALUE_MISSING"),
        ("chair,lamp,,90,,", "product", "TARGET_TWICE"),
        ("x,,,90,,", "sku", "VARIANT_NOT_FOUND"),
        (",,,,101,", "percent_off", "TOO_LARGE"),
    ],
)
async def test_a_row_that_a_list_cannot_have_is_named(
    shop: Shop, files: Files, row: str, column: str, code: str
) -> None:
    await shop.sells("chair")
    await shop.sells("lamp")
    await a_list(shop)
    run = await files.read("prices", [ROWS[0], row], options={"price_list": "dealers"})

    assert (run.state, await files.faults(run)) == (ImportState.FAILED, [(2, column, code)])


async def test_what_belongs_to_lists_is_no_base_price(shop: Shop, files: Files) -> None:
    await shop.sells("chair")
    run = await files.read("prices", [*ROWS[:2], "chair,,10,80,,", "lamp,,,1,,"])

    assert await files.faults(run) == [(3, "min_qty", "CELL_MISPLACED"), (4, "sku", "SKU_UNKNOWN")]


async def test_a_list_that_is_not_there_is_refused_at_once(shop: Shop, files: Files) -> None:
    upload_id = await files.uploaded(b"sku,price\nchair,1")

    with pytest.raises(PriceListNotFound):
        await files.begun(upload_id, "prices", options={"price_list": "nobody"})
    assert StartImport(upload_id=upload_id, kind=ImportKind.PRICES).options.price_list is None


async def test_prices_with_tax_stand_beside_those_without(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    await shop.sells("lamp", "10.00")
    run = await files.read("prices", ["sku,price,price_mode", "chair,120,gross", "chair,99,"])

    assert (run.state, run.created_rows, run.changed_rows, await files.faults(run)) == (ImportState.DONE, 1, 1, [])
    found = await connection.execute(text("SELECT mode, amount::int FROM base_prices ORDER BY 2"))
    assert [tuple(row) for row in found] == [("net", 10), ("net", 99), ("gross", 120)]
    rows = await files.exported("prices", limit=1)
    assert [(row["sku"], row["price_mode"], row["price"]) for row in rows] == [
        ("chair", "gross", "120"),
        ("chair", "net", "99"),
        ("lamp", "net", "10"),
    ]
    again = await files.read("prices", as_csv(rows))
    assert (again.unchanged_rows, again.failed_rows) == (3, 0)
    twice = await files.read("prices", ["sku,price,price_mode,currency", "lamp,9,net,", "lamp,9,,EUR"])
    assert await files.faults(twice) == [(3, None, "DUPLICATE_ROW")]


async def test_goods_sold_with_tax_only_keep_their_price_in_a_file_of_products(shop: Shop, files: Files) -> None:
    run = await files.read("products", ["sku,name,price,price_mode", "A,Axe,12,gross", "B,Box,5,net"])
    rows = await files.exported("products", limit=1)

    assert (run.state, [(row["sku"], row["price"], row["price_mode"]) for row in rows]) == (
        ImportState.DONE,
        [("A", "12", "gross"), ("B", "5", "net")],
    )
    assert (await files.read("products", as_csv(rows))).unchanged_rows == 2


async def test_a_base_price_is_deleted_and_its_deletion_may_be_read_again(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    deleting = ["sku,currency,price,action", "chair,CHF,95,upsert", "chair,EUR,,delete"]
    told = await files.read("prices", deleting, dry_run=True)

    said = [(one.row, one.outcome, one.column, one.old, one.value) for one in await files.findings(told.id)]
    assert said == [(2, "created", "price", None, "95"), (3, "deleted", "price", "100", None)]
    runs = [await files.read("prices", deleting) for _ in range(2)]
    assert [(run.created_rows, run.changed_rows, run.unchanged_rows) for run in runs] == [(1, 1, 0), (0, 0, 2)]
    found = await connection.execute(text("SELECT currency, amount::int FROM base_prices"))
    assert [tuple(row) for row in found] == [("CHF", 95)]
    assert await connection.scalar(text("SELECT version FROM products")) == 2
    unknown = await files.read("prices", ["sku,action", "table,delete"])
    assert await files.faults(unknown) == [(2, "sku", "SKU_UNKNOWN")]


async def test_rows_of_a_price_list_are_deleted_by_what_they_are_about(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    await shop.sells("lamp", "10.00")
    await a_list(shop)
    await files.read("prices", ROWS, options={"price_list": "dealers"})
    rows = ["sku,product,min_qty,action", "chair,,10,delete", ",lamp,,delete", "chair,,2,delete"]
    told = await files.read("prices", rows, options={"price_list": "dealers"}, dry_run=True)
    run = await files.read("prices", rows, options={"price_list": "dealers"})

    assert [(one.row, one.column, one.old) for one in await files.findings(told.id)] == [
        (2, "price", "80"),
        (3, "percent_off", "12.5"),
    ]
    assert (run.state, run.changed_rows, run.unchanged_rows, run.failed_rows) == (ImportState.DONE, 2, 1, 0)
    assert [row[:2] for row in await rows_of(connection)] == [("variant", 1), ("all", 1)]
    assert sum(isinstance(event, PriceListChanged) for event in shop.emitted) == 2
    wrong = await files.read("prices", ["product,action", "table,delete"], options={"price_list": "dealers"})
    assert await files.faults(wrong) == [(2, "product", "PRODUCT_NOT_FOUND")]
    same = await files.read(
        "prices", ["sku,min_qty,price", "chair,,1", 'chair,"1,0",2'], options={"price_list": "dealers"}
    )
    assert await files.faults(same) == [(3, None, "DUPLICATE_ROW")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("chair,USD,,,delete", (2, "currency", "CURRENCY_DIFFERS")),
        ("chair,,gross,,delete", (2, "price_mode", "CELL_MISPLACED")),
    ],
)
async def test_a_deletion_of_another_price_takes_none_of_the_list_away(
    shop: Shop, files: Files, connection: AsyncConnection, row: str, fault: tuple[int, str, str]
) -> None:
    await shop.sells("chair")
    await a_list(shop)
    await files.read("prices", ["sku,price", "chair,90"], options={"price_list": "dealers"})
    rows = ["sku,currency,price_mode,price,action", row, "chair,EUR,,90,"]
    run = await files.read("prices", rows, options={"price_list": "dealers"}, on_error="skip_bad")

    assert await files.faults(run) == [fault]
    assert [(kept[0], kept[3]) for kept in await rows_of(connection)] == [("variant", "90.0000")]
