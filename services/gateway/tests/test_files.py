"""Files through the door: uploads in parts, downloads page by page."""

import csv
import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import python_calamine

from services.gateway.downloads import Csv
from services.gateway.workbooks import Workbook
from shared.contracts.catalog.bulk import FindingView, ListFindings
from shared.contracts.catalog.exports import ExportRows, ExportView
from shared.contracts.catalog.uploads import PART_BYTES, AddPart, CompleteUpload, StartUpload, UploadDamaged
from shared.contracts.values import Page
from shared.kernel.problems import Unavailable

KEY = {"Idempotency-Key": "key-1"}
PAGE = ExportView(columns=["sku", "name"], rows=[["0042", "Chaise, bleue"], ["12.5", "'=1+1"]], next="more")
LAST = PAGE.model_copy(update={"rows": [["Z", "Été <b>"]], "next": None})


async def sent(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_file_is_passed_on_in_full_parts_whatever_it_came_in(http: httpx.AsyncClient, owners: Any) -> None:
    chunks = [bytes([n]) * 300_000 for n in range(5)]
    whole = b"".join(chunks)

    answer = await http.post("/v1/uploads?name=prices.csv", content=sent(chunks), headers=KEY)

    assert answer.status_code == 201
    start, *parts, complete = owners.asked
    assert start == StartUpload(name="prices.csv")
    assert owners.keys == ["key-1", *[None] * (len(parts) + 1)]
    assert all(isinstance(part, AddPart) for part in parts)
    assert [part.position for part in parts] == [0, 1, 2]
    assert [len(part.data) for part in parts] == [PART_BYTES, PART_BYTES, len(whole) - 2 * PART_BYTES]
    assert b"".join(part.data for part in parts) == whole
    assert complete == CompleteUpload(
        upload_id=complete.upload_id, size=len(whole), sha256=hashlib.sha256(whole).hexdigest()
    )


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_beyond_the_limit_is_refused_with_a_remedy(
    app_with: Any, client_of: Any, owners: Any, announced: bool
) -> None:
    body = b"x" * 1_001
    async with client_of(app_with(upload_limit=1_000)) as http:
        answer = await http.post("/v1/uploads", content=body if announced else sent([body]), headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert answer.json()["details"] == {"limit": 1_000}
    assert not any(isinstance(request, CompleteUpload) for request in owners.asked)


async def test_a_damaged_file_is_refused_by_its_owner(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["CompleteUpload"] = UploadDamaged()
    answer = await http.post("/v1/uploads", content=b"x", headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "UPLOAD_DAMAGED")


async def asked_for_pages(request: ExportRows) -> ExportView:
    return LAST if request.cursor else PAGE


async def test_an_export_is_asked_for_page_by_page_and_sent_as_one_file(app: Any, client_of: Any) -> None:
    asked: list[Any] = []

    class Asks:
        async def __call__(self, request: Any, /, *, key: str | None = None) -> Any:
            asked.append(request)
            return await asked_for_pages(request)

    app.state.asks = lambda origin: Asks()
    async with client_of(app) as http:
        text = await http.get("/v1/exports/products?currency=CHF")
        book = await http.get("/v1/exports/products?format=xlsx")

    assert [request.cursor for request in asked] == [None, "more"] * 2
    assert asked[0].currency == "CHF"
    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    assert rows == [["sku", "name"], *PAGE.rows, *LAST.rows]
    assert text.headers["content-disposition"] == 'attachment; filename="products.csv"'
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    assert sheet.to_python() == [["sku", "name"], ["0042", "Chaise, bleue"], [12.5, "'=1+1"], ["Z", "Été <b>"]]


async def test_an_export_that_cannot_begin_is_a_problem(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["ExportRows"] = Unavailable()
    answer = await http.get("/v1/exports/products")

    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


async def test_a_template_names_every_column_and_shows_an_example(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/imports/templates/stock")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["sku", "on_hand"], ["CAFE-1KG", "120"]]


async def test_findings_are_downloaded_without_becoming_formulas(http: httpx.AsyncClient, owners: Any) -> None:
    found = FindingView(row=2, outcome="error", column="name", value="=1+1", code="FORMULA", message="Write it.")
    owners.answers["ListFindings"] = Page[FindingView](items=[found])
    answer = await http.get("/v1/imports/0192f3a4-0000-7000-8000-000000000061/findings.csv?outcome=error")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["2", "error", "name", "", "'=1+1", "FORMULA", "Write it."]
    asked = owners.asked[0]
    assert isinstance(asked, ListFindings)
    assert asked.outcome == "error"


def test_a_workbook_is_sent_while_it_is_written() -> None:
    book = Workbook()
    noise = [[hashlib.sha256(f"{n} {m}".encode()).hexdigest() for m in range(10)] for n in range(2_000)]
    first, second, end = book.rows(noise), book.rows(noise), book.end()

    assert min(len(first), len(second)) > 100_000
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(first + second + end)).get_sheet_by_index(0)
    assert sheet.to_python() == noise + noise


def test_only_the_first_rows_of_a_text_have_the_mark() -> None:
    text = Csv()

    assert text.rows([["a"]]) + text.rows([["b"]]) + text.end() == b"\xef\xbb\xbfa\r\nb\r\n"
