"""What holds of a product however it comes: by file it may not become what no editor could make of it."""

import io

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.adapters import files as reading
from services.catalog.adapters.files import Layout
from services.catalog.domain import products as rules
from services.catalog.handlers.jobs import imports as steps
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop
from services.catalog.tests.test_bad_files import book
from services.catalog.tests.test_imports import sheet_of
from shared.contracts.catalog.bulk import ImportState


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


@pytest.mark.parametrize(
    ("rows", "column", "code"),
    [
        (["sku,name,price,attributes", "A,A,1," + "|".join(f"c{n}=v" for n in range(51))], "attributes", "TOO_MANY"),
        (["sku,name,price,attributes", "A,A,1," + "|".join(f"c=v{n}" for n in range(51))], "attributes", "TOO_MANY"),
        (["sku,name,price,categories", "A,A,1," + "|".join(f"c{n}" for n in range(51))], "categories", "TOO_MANY"),
        (["sku,name,price,options", "A,A,1," + "|".join(f"c{n}=v" for n in range(11))], "options", "TOO_MANY_OPTIONS"),
        (["sku,code,name,price,options", *(f"A{n},P,P,1,s={n}" for n in range(101))], "options", "TOO_MANY_VALUES"),
        (
            ["sku,code,name,price,variant_name", *(f"A{n},P,P,1,{'😀' * 200}" for n in range(400))],
            None,
            "PRODUCT_TOO_LARGE",
        ),
    ],
)
async def test_a_product_that_could_not_be_shown_or_edited_is_refused(
    files: Files, connection: AsyncConnection, rows: list[str], column: str | None, code: str
) -> None:
    run = await files.read("products", rows)

    assert (run.state, run.failed_rows) == (ImportState.FAILED, len(rows) - 1)
    assert (await files.faults(run))[0] == (2, column, code)
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 0


async def test_prices_that_would_make_a_product_too_large_are_refused(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.read("products", ["sku,code,name,price", "A,P,P,1", "B,P,P,1"])
    monkeypatch.setattr(rules, "MOST_BYTES", 1_700)
    rows = [f"{sku},{currency},1" for currency in ("CHF", "EUR", "GBP", "USD", "XAF") for sku in ("A", "B")]
    run = await files.read("prices", ["sku,currency,price", *rows], on_error="skip_bad")

    assert run.created_rows
    assert run.created_rows + run.unchanged_rows + run.failed_rows == len(rows)
    assert {fault[2] for fault in await files.faults(run)} == {"PRODUCT_TOO_LARGE"}


async def test_what_spoils_soon_is_said_by_file(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    await files.read("products", ["sku,name,price,perishable", "FISH,Fish,1,oui", "TEA,Tea,1,"])
    assert [(await sheet_of(shop, connection, sku)).perishable for sku in ("FISH", "TEA")] == [True, False]
    assert {row["sku"]: row["perishable"] for row in await files.exported("products")} == {"FISH": "yes", "TEA": "no"}

    run = await files.read("products", ["sku,perishable", "FISH,no"], dry_run=True)
    assert [(one.column, one.old, one.value) for one in await files.findings(run.id)] == [("perishable", "yes", "no")]
    await files.read("products", ["sku,perishable", "FISH,no", "TEA,no"])
    assert not (await sheet_of(shop, connection, "FISH")).perishable


async def test_a_workbook_has_no_delimiter(files: Files) -> None:
    run = await files.read(
        "products", book(["sku", "name", "price"], ["A", "A", 1]), options={"delimiter": "semicolon"}
    )

    assert (run.state, run.trouble, run.created_rows) == (ImportState.DONE, None, 1)


async def test_a_tree_that_could_not_be_read_at_once_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PIECE_BYTES", 1024 * 1024)
    rows = [f"c{n},{'x' * 200},{'y' * 200},{f'c{n + 1}' if n % 9 else ''}" for n in range(4_000)]
    run = await files.read("categories", ["code,name,name_fr,parent", *rows])

    assert run.state is ImportState.FAILED
    assert "1 MB large" in str(run.trouble)


def test_rows_of_one_product_stay_together_only_as_far_as_a_product_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BYTES_TOGETHER", 50_000)
    data = "".join(f"A{n},P,{'x' * 1_000}\n" for n in range(200)).encode()
    layout = Layout(
        encoding="utf-8", delimiter=",", columns=["sku", "code", "name"], size=len(data), begins=0, rows=200
    )
    first = reading.piece(data, layout, 0, 1, 10, whole=True)

    assert first.full
    assert 50_000 <= first.ends < 52_000
    rest = reading.piece(data[first.ends :], layout, first.ends, first.last, 10**6, whole=True)
    assert len(first.rows) + len(rest.rows) == 200
    assert len(list(reading.records(io.BytesIO(data), "utf-8", ","))) == 200
