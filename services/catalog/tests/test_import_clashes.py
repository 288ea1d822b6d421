"""All or nothing, where rows clash that are checked in one step and in another."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.imports import cancel_import
from services.catalog.handlers.jobs.imports import ReadRows
from services.catalog.handlers.recording import files as recording
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import KEEPER, Shop
from services.catalog.tests.stocking import holding, in_warehouses, opens, receives
from services.catalog.tests.test_imports import categories
from shared.contracts.catalog.bulk import CancelImport, ImportKind, ImportState, ImportView

SHIRTS = ["sku,code,name,options,price", "S,P,Shirt,size=S,1", "M,P,,size=M,1", "L,P,,size=L,1", "T,,Tea,,1"]
PRODUCTS = (
    "SELECT sku, variants.options, products.options FROM variants JOIN products ON products.id = product_id ORDER BY 1"
)
RULES = "SELECT target_id, buyer_id, min_qty, max_qty FROM quantity_rules ORDER BY number"


@pytest.fixture
def files(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Files:
    for kind in (ImportKind.PRODUCTS, ImportKind.STOCK, ImportKind.QUANTITY_RULES):
        monkeypatch.setitem(recording.AT_ONCE, kind, 1)
    return Files(shop)


async def found(connection: AsyncConnection, statement: str) -> list[Any]:
    return [tuple(row) for row in await connection.execute(text(statement))]


async def refused(files: Files, run: ImportView, row: int, code: str) -> None:
    """See that a run ended before it wrote anything, for this row."""
    assert run.state is ImportState.FAILED
    assert "nothing was changed" in str(run.trouble)
    assert [(one[0], one[2]) for one in await files.faults(run)] == [(row, code)]


@pytest.mark.parametrize(
    ("rows", "row", "code"),
    [
        (["sku,options", "S,size=XL", "T,", "L,size=XL"], 4, "COMBINATION_TWICE"),
        (
            ["sku,code,name,options,price", "S,,Shirt,size=XL,1", "T,,Tea,,1", "X,P,Shirt,size=XL,1"],
            4,
            "COMBINATION_TWICE",
        ),
        (
            ["sku,code,name,options,price", "X,P,Shirt,size=XL,1", "T,,Tea,,1", "S,,Shirt,size=XL,1"],
            4,
            "COMBINATION_TWICE",
        ),
        (["sku,options", "S,size=XL", "T,", "M,colour=red|size=M"], 4, "OPTION_MISSING"),
    ],
)
async def test_variants_that_rows_far_apart_make_alike_are_found_before_anything_is_written(
    files: Files, connection: AsyncConnection, rows: list[str], row: int, code: str
) -> None:
    assert (await files.read("products", SHIRTS)).state is ImportState.DONE
    before = await found(connection, PRODUCTS)
    await refused(files, await files.read("products", rows), row, code)

    assert await found(connection, PRODUCTS) == before
    assert await found(connection, "SELECT * FROM import_foreseen") == []


async def test_a_variant_is_not_sold_again_beside_one_that_took_its_place(files: Files) -> None:
    await files.read("products", SHIRTS)
    first = await files.read("products", ["sku,options,variant_status", "S,size=L,discontinued"])
    run = await files.read("products", ["sku,variant_status", "S,active"])

    assert first.state is ImportState.DONE
    await refused(files, run, 2, "COMBINATION_TWICE")


async def test_a_value_that_one_row_leaves_another_far_below_may_take(files: Files) -> None:
    await files.read("products", SHIRTS)
    run = await files.read("products", ["sku,options", "S,size=XL", "T,", "L,size=S"])

    assert (run.state, run.changed_rows, await files.faults(run)) == (ImportState.DONE, 2, [])


async def test_counts_that_together_leave_fewer_than_were_promised_are_found_first(shop: Shop, files: Files) -> None:
    await opens(shop, "second")
    await shop.sells("chair")
    await shop.sells("table")
    await receives(shop, 5, "main")
    await receives(shop, 5, "second")
    await holding(shop, 6)
    before = await in_warehouses(shop)
    rows = ["chair,main,3", "table,main,0", "chair,second,1"]
    await refused(files, await files.read("stock", ["sku,warehouse,on_hand", *rows]), 4, "STOCK_PROMISED")

    assert await in_warehouses(shop) == before
    run = await files.read("stock", ["sku,warehouse,on_hand", "chair,main,9", "table,main,0", "chair,second,0"])
    assert (run.state, await files.faults(run)) == (ImportState.DONE, [])
    assert {place: there for place, (there, _) in (await in_warehouses(shop)).items() if there} == {"main": Decimal(9)}


@pytest.mark.parametrize(
    "rows",
    [
        ["chair,,5,", "table,,1,", ",coffee,,10"],
        [",coffee,,10", "table,,1,", "chair,,5,"],
        ["chair,,5,", "table,,1,", ",,,10"],
    ],
)
async def test_rules_that_together_leave_no_quantity_are_found_first(
    shop: Shop, files: Files, connection: AsyncConnection, rows: list[str]
) -> None:
    await categories(shop)
    coffee = (await found(connection, "SELECT id FROM categories WHERE code = 'coffee'"))[0][0]
    await shop.sells("chair", category_ids=[coffee])
    await shop.sells("table")
    await refused(
        files, await files.read("quantity_rules", ["sku,category,max_qty,min_qty", *rows]), 4, "QTY_RULE_IMPOSSIBLE"
    )

    assert await found(connection, RULES) == []


async def test_a_rule_that_one_row_deletes_is_not_in_the_way_of_one_far_below(shop: Shop, files: Files) -> None:
    await shop.sells("chair")
    await shop.sells("table")
    await files.read("quantity_rules", ["sku,min_qty", ",10"])
    rows = ["sku,min_qty,max_qty,action", ",,,delete", "table,1,,", "chair,,5,"]
    run = await files.read("quantity_rules", rows)

    assert (run.state, run.created_rows, await files.faults(run)) == (ImportState.DONE, 2, [])


async def test_what_was_foreseen_goes_with_an_import_that_is_cancelled(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await files.read("products", SHIRTS)
    run = await files.started("products", ["sku,options", "S,size=XL", "T,", "L,size=S"])
    while not isinstance(files.scheduled[0], ReadRows):
        await files.step()
    await files.step()
    kept = await found(connection, "SELECT count(*) FROM import_foreseen")
    await shop(cancel_import, CancelImport(id=run.id), KEEPER)

    assert kept == [(1,)]
    assert await found(connection, "SELECT * FROM import_foreseen") == []
