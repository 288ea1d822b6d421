"""Files that cannot be read, of every kind: a clear sentence, and nothing changed."""

import io
import zipfile

import pytest
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.adapters import files as reading
from services.catalog.adapters import workbooks
from services.catalog.adapters.files import FileFault
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop
from shared.contracts.catalog.bulk import ImportState

GOOD = "sku,name,price\nA,Axe,10\n"


@pytest.fixture
def files(shop: Shop) -> Files:
    return Files(shop)


def book(*rows: list[object], formula: str = "") -> bytes:
    data = io.BytesIO()
    written = xlsxwriter.Workbook(data)
    sheet = written.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if formula:
        sheet.write_formula(formula, "=1+1", None, 2)
    written.close()
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"sku,name,price\n" + b"\x81\x8d\xff,x,1", "neither in UTF-8"),
        ("sku,name,price\nA,Axe,10".encode("utf-16"), "save it as CSV UTF-8"),
        (GOOD.encode() + b"B,\x00,1", "save it as CSV UTF-8"),
        (b"sku,name,colour,price\nA,Axe,red,1", "unknown: colour"),
        (b"name,price\nAxe,1", "column sku is missing"),
        (b"sku,name,sku\nA,Axe,A", "sku is there twice"),
        (b"sku|name|price\nA|Axe|1", "unknown: sku|name|price"),
        ("sku,name,price\nA,Axe,10".encode("utf-16-le"), "save it as CSV UTF-8"),
        (b"   ", "nothing in its first row"),
        (b"\n\n", "nothing in its first row"),
        (b"sku,name,price\n", "no rows below its header"),
        (b'sku,name,price\nA,"Axe,1\nB,Box,2\n', "Row 2 cannot be read: it opens a quote"),
        (b'sku,name,price\nA,"Axe"x,1\n', "Row 2 cannot be read"),
        (b"sku,name,price\nA," + b"x" * reading.RECORD_BYTES + b",1\n", "more than 2 MB"),
        (",".join(["sku", *["name"] * 100]).encode() + b"\nA", "101 columns"),
        (b"PK\x03\x04 but no workbook", "no Excel workbook"),
    ],
)
async def test_a_file_that_is_at_fault_as_a_whole_says_why(
    files: Files, connection: AsyncConnection, data: bytes, said: str
) -> None:
    run = await files.read("products", data, on_error="skip_bad")

    assert (run.state, run.done_rows) == (ImportState.FAILED, 0)
    assert run.trouble is not None
    assert said in run.trouble
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 0


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("A,Axe,-10", "price", "NEGATIVE"),
        ("A,Axe,ten", "price", "NUMBER_INVALID"),
        ('A,Axe,"1,234"', "price", "NUMBER_AMBIGUOUS"),
        ("A,Axe,1.23456", "price", "TOO_PRECISE"),
        ("A,Axe,99999999999999999", "price", "TOO_LARGE"),
        ("A,Axe,NaN", "price", "NUMBER_INVALID"),
        ("A,Axe,1e3", "price", "NUMBER_INVALID"),
        ("A,Axe,1.234.567", "price", "NUMBER_INVALID"),
        ("A,=HYPERLINK(1),10", "name", "FORMULA"),
        ("A," + "x" * 1_000_000 + ",10", "name", "TOO_LONG"),
        ("A,A\x07xe,10", "name", "CONTROL_CHARACTER"),
        (",Axe,10", "sku", "CELL_EMPTY"),
        ("A,Axe,10,11", None, "CELLS_MISCOUNTED"),
        ("A,Axe", None, "CELLS_MISCOUNTED"),
        ("A,Axe,", "price", "PRICE_MISSING"),
    ],
)
async def test_a_cell_that_is_at_fault_is_named_with_its_remedy(
    files: Files, connection: AsyncConnection, row: str, column: str | None, code: str
) -> None:
    run = await files.read("products", f"sku,name,price\n{row}\n", on_error="skip_bad")

    (finding,) = await files.findings(run.id)
    assert (finding.row, finding.column, finding.code) == (2, column, code)
    assert finding.message is not None
    assert finding.message.endswith(".")
    assert len(finding.value or "") <= 200
    assert run.failed_rows == 1
    assert await connection.scalar(text("SELECT count(*) FROM products")) == 0


async def test_a_file_of_windows_is_read_as_it_was_meant(files: Files, connection: AsyncConnection) -> None:
    run = await files.read("products", "sku;name;price\r\nA;Hache d’été;10,5\r\n".encode("cp1252"))

    assert run.state is ImportState.DONE
    assert await connection.scalar(text("SELECT name FROM products")) == "Hache d’été"
    assert await connection.scalar(text("SELECT amount FROM base_prices")) == 10.5


async def test_numbers_are_read_as_they_are_written_in_france(files: Files, connection: AsyncConnection) -> None:
    run = await files.read("products", 'sku;name;price\nA;Axe;12,50\nB;Box;"1\u00a0234,50"\nC;Cup;1\u202f234\n')

    assert (run.state, await files.faults(run)) == (ImportState.DONE, [])
    amounts = await connection.scalars(text("SELECT amount::text FROM base_prices ORDER BY amount"))
    assert list(amounts) == ["12.5000", "1234.0000", "1234.5000"]


async def test_a_delimiter_that_was_asked_for_is_the_one_that_counts(files: Files) -> None:
    wrong = await files.read("products", GOOD, options={"delimiter": "tab"})
    right = await files.read("products", GOOD.replace(",", "\t"), options={"delimiter": "tab"})

    assert (wrong.state, right.state) == (ImportState.FAILED, ImportState.DONE)
    assert wrong.trouble is not None
    assert "unknown: sku,name,price" in wrong.trouble


async def test_the_mark_of_utf_8_belongs_to_no_column(files: Files) -> None:
    run = await files.read("products", '"sku"\t"name"\t"price"\nA\tAxe\t10\n'.encode("utf-8-sig"))

    assert (run.state, run.created_rows) == (ImportState.DONE, 1)


async def test_a_workbook_is_read_as_it_shows(files: Files, connection: AsyncConnection) -> None:
    header = ["sku", "name", "price", "commissionable", "published_from", "weight"]
    data = book(header, ["A", "Hache", 24.9, False, 45000.5, None], [], [12, "Box", 0.1 + 0.2, True, None, 7])
    run = await files.read("products", data)

    assert (run.state, run.trouble, run.created_rows, await files.faults(run)) == (ImportState.DONE, None, 2, [])
    rows = await connection.execute(
        text(
            "SELECT sku, amount::text, commissionable, weight, published_from::text FROM products JOIN variants"
            " ON product_id = products.id JOIN base_prices ON variant_id = variants.id ORDER BY sku"
        )
    )
    first, second = rows.all()
    assert tuple(first)[:4] == ("12", "0.3000", True, 7)
    assert tuple(second)[:4] == ("A", "24.9000", False, None)
    assert second.published_from.startswith("2023-03-15 12:00:00")


async def test_numbers_of_a_workbook_are_read_in_full_and_texts_as_they_stand(
    files: Files, connection: AsyncConnection
) -> None:
    data = book(["sku", "name", "price", "weight"], ["00123", "Axe", 1e3, 1e6], [123, "Box", 0.07, 5])
    run = await files.read("products", data)

    assert (run.state, await files.faults(run)) == (ImportState.DONE, [])
    rows = await connection.execute(
        text("SELECT sku, amount::text, weight FROM variants JOIN base_prices ON variant_id = id ORDER BY sku")
    )
    assert [tuple(row) for row in rows] == [("00123", "1000.0000", 1_000_000), ("123", "0.0700", 5)]


async def test_a_row_of_a_workbook_has_the_number_people_see(files: Files) -> None:
    data = book(["sku", "name", "price"], ["A", "Axe", 1], [], [], ["B", "Box", -1], formula="B5")
    run = await files.read("products", data, on_error="skip_bad")

    assert await files.faults(run) == [(5, "name", "FORMULA"), (5, "price", "NEGATIVE")]
    assert run.created_rows == 1


async def test_a_file_of_empty_rows_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_EMPTY", 1_000)
    few, many = [await files.read("products", GOOD + "\n" * count + "B,Bow,1") for count in (900, 1_002)]

    assert (few.state, few.total_rows) == (ImportState.DONE, 2)
    assert (many.state, many.trouble) == (ImportState.FAILED, "More than 1000 rows of the file are empty; remove them.")


def as_text(data: bytes) -> bytes:
    target = io.BytesIO()
    workbooks.as_csv(io.BytesIO(data), target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["sku"]))) as good, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in good.infolist():
            made.writestr(entry.filename, parts.get(entry.filename.rpartition("/")[2][:-4], good.read(entry)))
        for name, part in parts.items():
            if name == "bomb":
                made.writestr(name, part)
    return data.getvalue()


def test_a_small_file_that_unpacks_into_a_large_one_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_BYTES", 100_000)
    data = zipped(bomb=b"0" * 1_000_000)

    assert len(data) < 20_000
    with pytest.raises(FileFault, match="once unpacked"):
        as_text(data)


@pytest.mark.parametrize(
    "sheet",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        b"<worksheet><sheetData><row>",
        b'<worksheet><sheetData><row r="5"/><row r="2"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row><c t="s"><v>77</v></c></row></sheetData></worksheet>',
        b"<worksheet><sheetData><row><c><v>1e999999</v></c></row></sheetData></worksheet>",
        b"not xml",
    ],
)
def test_a_workbook_that_is_made_up_is_refused(sheet: bytes) -> None:
    with pytest.raises(FileFault, match="no Excel workbook"):
        as_text(zipped(sheet1=sheet))


def test_a_cell_of_a_million_characters_is_refused() -> None:
    sheet = b"<worksheet><sheetData><row><c t='inlineStr'><is><t>" + b"x" * (workbooks.MOST_CELL + 1) + b"</t></is></c>"

    with pytest.raises(FileFault, match="million characters"):
        as_text(zipped(sheet1=sheet + b"</row></sheetData></worksheet>"))
