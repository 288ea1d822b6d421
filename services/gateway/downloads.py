"""Files on their way out: tables that are asked for page by page and sent as they come, never whole in memory."""

import codecs
import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, Protocol

from starlette.responses import StreamingResponse

from services.gateway.deps import Asking
from services.gateway.workbooks import Workbook
from shared.contracts.catalog.bulk import ROWS_AT_ONCE, FindingView, ListFindings
from shared.contracts.catalog.exports import ColumnsView, ExportRows, FileFormat

Rows = Sequence[Sequence[str]]
FINDING_COLUMNS = ("row", "outcome", "column", "old", "value", "code", "message")
# What a spreadsheet would take for a formula gets an apostrophe in front, as in every file of ours.
FORMULAS = tuple("=+-@\t\r")


class Written(Protocol):
    """A table being written as a file of some format."""

    media: str
    ending: str

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Write some rows, and return the bytes to be sent next."""
        ...

    def end(self) -> bytes:
        """Return the bytes that end the file."""
        ...


class Csv:
    """Comma-separated text in UTF-8, begun by the mark by which spreadsheets know that it is."""

    media, ending = "text/csv; charset=utf-8", "csv"

    def __init__(self) -> None:
        self._begun = False

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Write some rows."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        mark, self._begun = b"" if self._begun else codecs.BOM_UTF8, True
        return mark + text.getvalue().encode()

    def end(self) -> bytes:
        """A text ends where it ends."""
        return b""


FORMATS: dict[FileFormat, Callable[[], Written]] = {FileFormat.CSV: Csv, FileFormat.XLSX: Workbook}


async def export(query: ExportRows, format_: FileFormat, ask: Asking) -> StreamingResponse:
    """Answer with all rows of an export. The first page is asked for before anything is sent: a no is a problem."""
    first = await ask(query)

    async def pages() -> AsyncIterator[Rows]:
        page = first
        yield [page.columns, *page.rows]
        while page.next is not None:
            page = await ask(query.model_copy(update={"cursor": page.next}))
            yield page.rows

    return _sent(str(query.kind), FORMATS[format_](), pages())


async def findings(query: ListFindings, ask: Asking) -> StreamingResponse:
    """Answer with all that an import found, as CSV."""
    query = query.model_copy(update={"limit": ROWS_AT_ONCE})
    first = await ask(query)

    async def pages() -> AsyncIterator[Rows]:
        page = first
        yield [FINDING_COLUMNS, *map(_finding, page.items)]
        while page.next is not None:
            page = await ask(query.model_copy(update={"cursor": page.next}))
            yield [_finding(item) for item in page.items]

    return _sent("findings", Csv(), pages())


def template(columns: ColumnsView, format_: FileFormat) -> StreamingResponse:
    """Answer with an empty table: its columns, and a row that shows what they may say."""

    async def pages() -> AsyncIterator[Rows]:
        yield [[one.column for one in columns.columns], [one.example for one in columns.columns]]

    return _sent(f"{columns.kind}-template", FORMATS[format_](), pages())


def _finding(finding: FindingView) -> list[str]:
    said: dict[str, Any] = finding.model_dump(mode="json")
    cells = ("" if said[name] is None else str(said[name]) for name in FINDING_COLUMNS)
    return ["'" + cell if cell.startswith(FORMULAS) else cell for cell in cells]


def _sent(name: str, file: Written, pages: AsyncIterator[Rows]) -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        async for rows in pages:
            yield file.rows(rows)
        yield file.end()

    headers = {"Content-Disposition": f'attachment; filename="{name}.{file.ending}"'}
    return StreamingResponse(parts(), headers=headers, media_type=file.media)
