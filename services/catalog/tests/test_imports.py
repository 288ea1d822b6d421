"""Files read into the catalogue: what is made, changed and left alone, and what is told."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.categories import create_category
from services.catalog.handlers.commands.imports import cancel_import
from services.catalog.handlers.queries.products import get_product_sheet
from services.catalog.tests.importing import Files, as_csv
from services.catalog.tests.samples import KEEPER, Shop, drift, stock_of
from shared.contracts.catalog.bulk import CancelImport, ImportEnded, ImportFinished, ImportProgressed, ImportState
from shared.contracts.catalog.categories import CreateCategory
from shared.contracts.catalog.products import ProductSheet
from shared.contracts.catalog.sheets import GetProductSheet

COFFEE = [
    "sku;code;name;name_en;categories;attributes;options;price;cost;tax_category;commissionable;weight",
    "CAFE-1;CAFE;Café;Coffee;coffee|organic;origin=Peru|label=AB|label=Max;size=1 kg;24,90;11.2;reduced;no;1050",
    "CAFE-2;CAFE;;;;;size=500 g;1 234,50;;standard;oui;",
    "TEA;;Tea;;;;;3;;;;",
]


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


async def sheet_of(shop: Shop, connection: AsyncConnection, sku: str) -> ProductSheet:
    found = await connection.scalar(text("SELECT product_id FROM variants WHERE sku = :sku"), {"sku": sku})
    sheet: ProductSheet = await shop(get_product_sheet, GetProductSheet(id=found), KEEPER)
    return sheet


async def counted(connection: AsyncConnection, table: str) -> Any:
    return await connection.scalar(text(f"SELECT count(*) FROM {table}"))


async def categories(shop: Shop) -> None:
    for code in ("coffee", "organic"):
        await shop(create_category, CreateCategory(code=code, name=code.title()), KEEPER)


async def test_rows_become_products_with_all_that_belongs_to_them(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await categories(shop)
    run = await files.read("products", COFFEE)

    assert (run.state, run.trouble, await files.faults(run)) == (ImportState.DONE, None, [])
    assert (run.total_rows, run.done_rows, run.created_rows, run.failed_rows) == (3, 3, 3, 0)
    coffee = await sheet_of(shop, connection, "CAFE-1")
    assert (coffee.code, coffee.name, coffee.version, len(coffee.category_ids)) == ("CAFE", "Café", 1, 2)
    assert coffee.translations["en"].name == "Coffee"
    assert coffee.attributes == {"origin": ["Peru"], "label": ["AB", "Max"]}
    assert [option.values for option in coffee.options] == [["1 kg", "500 g"]]
    first, second = coffee.variants
    assert (first.sku, first.weight, first.commissionable, first.tax_category) == ("CAFE-1", 1050, False, "reduced")
    assert (first.cost and first.cost.amount, first.prices[0].unit_price.amount) == (Decimal("11.20"), Decimal("24.90"))
    assert (second.name, second.commissionable, second.prices[0].unit_price.amount) == (
        "Café",
        True,
        Decimal("1234.50"),
    )
    assert await counted(connection, "stocks") == 3
    assert await counted(connection, "public_prices") == 3
    assert await connection.scalar(text("SELECT words FROM products WHERE code = 'CAFE'")) > ""
    assert await drift(connection) == []


async def test_each_step_is_told_and_names_the_products_it_changed(shop: Shop, files: Files) -> None:
    run = await files.read("products", COFFEE, on_error="skip_bad")

    assert (run.state, run.created_rows, run.failed_rows) == (ImportState.DONE, 1, 2)
    kinds = [type(event).__name__ for event in shop.emitted]
    assert kinds == ["ImportStarted", "ImportProgressed", "ImportFinished"]
    progressed, finished = shop.emitted[1:]
    assert isinstance(progressed, ImportProgressed)
    assert isinstance(finished, ImportFinished)
    assert (len(progressed.changed_ids), finished.run.state, finished.run.version) == (1, ImportState.DONE, run.version)


async def test_an_unchanged_file_changes_nothing(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    await categories(shop)
    await files.read("products", COFFEE)
    again = await files.read("products", COFFEE)

    assert (again.created_rows, again.changed_rows, again.unchanged_rows) == (0, 0, 3)
    assert (await sheet_of(shop, connection, "CAFE-1")).version == 1
    assert await counted(connection, "public_prices") == 3


async def test_a_changed_price_raises_its_product_and_is_remembered(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    run = await files.read("products", ["sku,price,floor", "chair,90,80"])

    assert (run.state, run.changed_rows) == (ImportState.DONE, 1)
    chair = await sheet_of(shop, connection, "chair")
    assert (chair.version, chair.name) == (2, "chair")
    (price,) = chair.variants[0].prices
    assert (price.unit_price.amount, price.floor and price.floor.amount) == (Decimal("90.00"), Decimal("80.00"))
    paid = await connection.scalars(text("SELECT amount FROM public_prices ORDER BY id"))
    assert list(paid) == [Decimal(100), Decimal(90)]


async def test_a_row_in_error_leaves_everything_as_it_was(files: Files, connection: AsyncConnection) -> None:
    run = await files.read("products", ["sku,name,price", "A,Axe,10", "B,Box,-1", "C,,5"])

    assert run.state is ImportState.FAILED
    assert run.trouble is not None
    assert "2 of 3 rows" in run.trouble
    assert await files.faults(run) == [(3, "price", "NEGATIVE"), (4, "name", "NAME_MISSING")]
    assert all(finding.message for finding in await files.findings(run.id))
    assert await counted(connection, "products") == 0


async def test_bad_rows_alone_are_left_out_where_that_is_asked(files: Files, connection: AsyncConnection) -> None:
    rows = ["sku,name,price", "A,Axe,10", "B,Box,-1", "A,Ax,12"]
    run = await files.read("products", rows, on_error="skip_bad")

    assert (run.state, run.created_rows, run.failed_rows, run.done_rows) == (ImportState.DONE, 1, 2, 3)
    assert await files.faults(run) == [(3, "price", "NEGATIVE"), (4, None, "DUPLICATE_ROW")]
    assert await counted(connection, "products") == 1


async def test_a_dry_run_reports_every_difference_and_changes_nothing(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await shop.sells("chair", "100.00")
    rows = ["sku,name,price", "chair,Chair,90", "lamp,Lamp,5", "bad,Bad,x"]
    run = await files.read("products", rows, dry_run=True)

    assert (run.state, run.created_rows, run.changed_rows, run.failed_rows) == (ImportState.CHECKED, 1, 1, 1)
    said = [(one.row, one.outcome, one.column, one.old, one.value) for one in await files.findings(run.id)]
    assert (2, "changed", "name", "chair", "Chair") in said
    assert (2, "changed", "price", "100", "90") in said
    assert (3, "created", "price", None, "5") in said
    assert [one[:3] for one in said if one[1] == "error"] == [(4, "error", "price")]
    assert await counted(connection, "products") == 1
    assert (await sheet_of(shop, connection, "chair")).version == 1
    applied = await files.begun(run.upload_id, "products", on_error="skip_bad")
    while files.scheduled:
        await files.step()
    assert (await files.seen(applied.id)).created_rows == 1


async def test_imports_of_a_kind_wait_for_each_other(files: Files) -> None:
    first = await files.started("products", ["sku,name,price", "A,Axe,10"])
    second = await files.started("products", ["sku,name,price", "A,Axe,11"])
    await files.step()
    await files.step()

    assert (await files.seen(first.id)).state is ImportState.CHECKING
    assert (await files.seen(second.id)).state is ImportState.WAITING
    while files.scheduled:
        await files.step()
    ended = [await files.seen(run.id) for run in (first, second)]
    assert [run.state for run in ended] == [ImportState.DONE] * 2
    assert [(run.created_rows, run.changed_rows) for run in ended] == [(1, 0), (0, 1)]


async def test_an_import_is_cancelled_between_two_steps(files: Files, connection: AsyncConnection) -> None:
    run = await files.started("products", ["sku,name,price", "A,Axe,10"])
    await files.step()
    cancelled = await files.handled(cancel_import, CancelImport(id=run.id))
    while files.scheduled:
        await files.step()

    assert cancelled.state is ImportState.CANCELLED
    assert (await files.seen(run.id)).state is ImportState.CANCELLED
    assert await counted(connection, "products") == 0
    with pytest.raises(ImportEnded):
        await files.handled(cancel_import, CancelImport(id=run.id))


async def test_counted_stock_becomes_movements(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=10)
    await shop.sells("lamp")
    run = await files.read("stock", ["sku,on_hand", "chair,7", "lamp,3"])

    assert (run.state, run.changed_rows, await files.faults(run)) == (ImportState.DONE, 2, [])
    assert (await stock_of(shop, "chair"), await stock_of(shop, "lamp")) == ((7, 0), (3, 0))
    kinds = await connection.scalars(text("SELECT kind FROM stock_movements ORDER BY created_at, quantity"))
    assert sorted(kinds) == ["count", "count", "receipt"]
    assert await drift(connection) == []
    again = await files.read("stock", ["sku,on_hand,warehouse", "chair,7,main", "lamp,3.5,main", "x,1,nowhere"])
    assert await files.faults(again) == [(3, "on_hand", "TOO_PRECISE"), (4, "sku", "SKU_UNKNOWN")]


async def test_categories_come_in_any_order_and_make_no_cycle(files: Files, connection: AsyncConnection) -> None:
    rows = ["code,name,parent,name_fr", "espresso,Espresso,coffee,", "coffee,Coffee,drinks,Café", "drinks,Drinks,,"]
    run = await files.read("categories", rows)

    assert (run.state, run.created_rows, await files.faults(run)) == (ImportState.DONE, 3, [])
    deep = await connection.scalar(text("SELECT cardinality(path) FROM categories WHERE code = 'espresso'"))
    assert deep == 3
    cycle = await files.read("categories", ["code,parent", "drinks,espresso"])
    assert await files.faults(cycle) == [(2, "parent", "CYCLE")]
    moved = await files.read("categories", ["code,parent", "coffee,"])
    assert moved.changed_rows == 1
    deep = await connection.scalar(text("SELECT cardinality(path) FROM categories WHERE code = 'espresso'"))
    assert deep == 2


async def test_an_export_is_imported_again_without_a_change(shop: Shop, files: Files) -> None:
    await categories(shop)
    await files.read("products", [*COFFEE, "'=SUM;;'+x;;;note='@y;;1;;;;"])
    await files.read("stock", ["sku,on_hand", "TEA,7"])
    for kind in ("products", "prices", "stock", "categories"):
        rows = await files.exported(kind, limit=2)
        again = await files.read(kind, as_csv(rows))
        assert (again.state, again.unchanged_rows, await files.faults(again)) == (ImportState.DONE, len(rows), [])
    assert "'=SUM" in {row["sku"] for row in await files.exported("products")}
