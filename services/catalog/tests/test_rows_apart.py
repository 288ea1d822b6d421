"""Rows of one product stand together in a file, since they are checked together: apart they are refused beforehand."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.recording import files as recording
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop, stock_of
from shared.contracts.catalog.bulk import ImportKind, ImportState

HEADER = "sku,code,name,price,options"
BETWEEN = [f"Z{number},Z{number},Zed,1," for number in range(3)]


@pytest.fixture
def files(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setitem(recording.AT_ONCE, ImportKind.PRODUCTS, 2)
    return Files(shop)


@pytest.mark.parametrize("first", ["A,X,Shirt,10,size=M", "X,,Shirt,10,size=M"])
async def test_nothing_is_applied_where_rows_of_a_product_stand_apart(
    files: Files, connection: AsyncConnection, first: str
) -> None:
    run = await files.read("products", [HEADER, first, *BETWEEN, "B,X,Shirt,10,size=M", "C,X,Shirt,10,size=L"])

    assert (run.state, run.failed_rows) == (ImportState.FAILED, 2)
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 0
    apart = await files.findings(run.id, outcome="error")
    assert [(one.row, one.column, one.code) for one in apart] == [
        (6, "code", "ROWS_OF_A_PRODUCT_APART"),
        (7, "code", "ROWS_OF_A_PRODUCT_APART"),
    ]
    assert apart[0].message is not None
    assert "Row 2 is about the product X too" in apart[0].message


async def test_rows_of_a_product_that_stand_together_come_in_whatever_the_size_of_a_step(
    files: Files, connection: AsyncConnection
) -> None:
    shirts = ["X,,Shirt,10,size=S", *(f"X{size},X,,10,size={size}" for size in ("M", "L", "XL"))]
    run = await files.read("products", [HEADER, BETWEEN[0], *shirts, *BETWEEN[1:]])

    assert (run.state, run.trouble, run.created_rows) == (ImportState.DONE, None, 7)
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 4


async def test_a_row_may_repeat_another_and_stand_apart_too(files: Files) -> None:
    run = await files.read("products", [HEADER, "A,X,Shirt,10,size=M", *BETWEEN, "A,X,Shirt,10,size=M"])

    assert await files.faults(run) == [(6, None, "DUPLICATE_ROW"), (6, "code", "ROWS_OF_A_PRODUCT_APART")]
    assert run.failed_rows == 1


@pytest.mark.parametrize("again", ["'-A", "-A", " -A\u00a0"])
async def test_a_sku_that_comes_again_steps_later_is_refused_however_it_is_written(
    files: Files, connection: AsyncConnection, again: str
) -> None:
    run = await files.read("products", [HEADER, "'-A,,Axe,10,", *BETWEEN, f"{again},,Axe,11,"], on_error="skip_bad")

    assert ("DUPLICATE_ROW" in {code for _, _, code in await files.faults(run)}, run.failed_rows) == (True, 1)
    assert await connection.scalar(text("SELECT count(*) FROM variants")) == 4


async def test_variants_without_options_may_be_added_step_by_step(files: Files, connection: AsyncConnection) -> None:
    await files.read("products", [HEADER, "A,X,Shirt,10,", "B,X,Shirt,10,"])
    run = await files.read("products", [HEADER, "A,,Shirt,11,", *BETWEEN, "C,X,Shirt,10,", "D,X,,10,"])

    assert (run.state, run.trouble, await files.faults(run)) == (ImportState.DONE, None, [])
    places = await connection.scalars(
        text("SELECT position FROM variants JOIN products ON product_id = products.id AND code = 'X' ORDER BY 1")
    )
    assert list(places) == [0, 1, 2, 3]


async def test_variants_that_come_to_the_same_options_in_other_steps_are_found_before_any_is_applied(
    files: Files, connection: AsyncConnection
) -> None:
    await files.read("products", [HEADER, "A,X,Shirt,10,size=S", "B,X,Shirt,10,size=L"])
    run = await files.read("products", [HEADER, "A,,Shirt,10,size=M", *BETWEEN, "C,X,Shirt,10,size=M"])

    assert (run.state, run.failed_rows) == (ImportState.FAILED, 1)
    assert await files.faults(run) == [(6, "options", "COMBINATION_TWICE")]
    assert await connection.scalar(text("SELECT count(*) FROM variants WHERE options ->> 'size' = 'M'")) == 0


async def test_stock_counted_twice_in_one_place_is_refused_though_one_row_names_it(shop: Shop, files: Files) -> None:
    await shop.sells("chair", on_hand=10)
    run = await files.read("stock", ["sku,on_hand,warehouse", "chair,7,", "chair,8,main"])

    assert (run.state, await files.faults(run)) == (ImportState.FAILED, [(3, None, "DUPLICATE_ROW")])
    assert (await stock_of(shop, "chair"))[0] == 10
