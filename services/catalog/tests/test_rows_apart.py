"""Rows of one product stand together in a file, since they are checked together: apart they are refused beforehand."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.recording import files as recording
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop
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
