"""Files of rows as text: what they are written in, where a row begins, and its cells. Never a whole file in memory."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from services.catalog.adapters.repeats import Repeats, product_of
from services.catalog.domain.bulk.columns import OF, named
from shared.contracts.catalog.bulk import MOST_FINDINGS, Delimiter, FindingView, ImportKind
from shared.contracts.values import Contract

RECORD_BYTES = 2 * 1024 * 1024
"""One row of a file may have so many bytes; more is a quote that nobody closed, or no table at all."""
BLOCK = 1024 * 1024
PIECE_BYTES, MOST_TOGETHER, BYTES_TOGETHER = 4 * 1024 * 1024, 10_000, 16 * 1024 * 1024
MOST_EMPTY = 1_048_576  # as many as a whole sheet
SIGNS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}
NOTHING: Mapping[str, str] = {}
csv.field_size_limit(RECORD_BYTES)


class FileFault(ValueError):
    """A file that no import can read; the message names the remedy."""


class Layout(Contract):
    """How a file is written: its encoding and delimiter, its columns, how long it is and where its first row begins.

    `rows`: how many it has besides the header, empty ones apart.
    """

    encoding: str
    delimiter: str
    columns: list[str]
    size: int
    begins: int
    rows: int


@dataclass(slots=True)
class Record:
    """One row of a file, and the place right behind it."""

    cells: list[str]
    ends: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing stands in it."""
        return not any(map(str.strip, self.cells))


@dataclass(slots=True)
class Piece:
    """Some rows of a file: those that say something with their numbers, the last number of all, and where they end."""

    rows: list[tuple[int, list[str]]]
    last: int
    ends: int
    full: bool


class _Lines:
    """The lines of a file one after the other, as the csv module asks for them, and how far they have been read.

    `whole`: the file ends with them; otherwise one without its end is no line yet.
    """

    def __init__(self, file: IO[bytes], encoding: str, *, whole: bool) -> None:
        self._file, self._encoding, self._whole = file, encoding, whole
        self.read, self.record, self.dry = 0, 0, False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(RECORD_BYTES + 1)
        self.record += len(line)
        if self.record > RECORD_BYTES:
            raise FileFault("has more than 2 MB; a quote may not be closed, or its lines do not end as they should")
        if not line or not (self._whole or line.endswith(b"\n")):
            self.dry = True
            raise StopIteration
        self.read += len(line)
        return line.decode(self._encoding)


def records(file: IO[bytes], encoding: str, delimiter: str, *, first: int = 1, whole: bool = True) -> Iterator[Record]:
    """Yield the rows of a file, the first of which has number `first`. Raises FileFault for one that cannot be read."""
    lines = _Lines(file, encoding, whole=whole)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = first
    try:
        for cells in reader:
            if lines.dry and not whole:
                return
            yield Record(cells, lines.read)
            lines.record = 0
            number += 1
    except (csv.Error, FileFault) as fault:
        if lines.dry and not whole:
            return
        raise FileFault(f"Row {number} cannot be read: it {_said(fault)}. Mend it and import again.") from None


def piece(data: bytes, layout: Layout, begins: int, after: int, most: int, *, whole: bool) -> Piece:
    """Return up to `most` rows of a file from a place on, behind row `after`; rows of one product stay together.

    `data` is what stands from there on, up to the end of the file if `whole`.
    """
    found = Piece([], after, begins, full=False)
    rows = records(io.BytesIO(data), layout.encoding, layout.delimiter, first=after + 1, whole=whole)
    for number, row in enumerate(rows, after + 1):
        enough = len(found.rows) >= most or found.ends - begins >= PIECE_BYTES
        together = found.ends - begins < BYTES_TOGETHER and _belongs(row, found, layout.columns)
        if enough and not together:
            found.full = True
            return found
        if not row.empty:
            found.rows.append((number, row.cells))
        found.last, found.ends = number, begins + row.ends
    return found


def _belongs(row: Record, found: Piece, columns: Sequence[str]) -> bool:
    """Tell whether a row is about the same product as the last one before."""
    if not found.rows or len(found.rows) >= MOST_TOGETHER:
        return False
    code = product_of(columns, row.cells)
    return code is not None and code == product_of(columns, found.rows[-1][1])


def _said(fault: Exception) -> str:
    if isinstance(fault, FileFault):
        return str(fault)
    known = {"unexpected end of data": "opens a quote that is never closed"}
    return known.get(str(fault), "has quotes that do not fit together; double those within a cell")


def survey(
    file: IO[bytes], kind: ImportKind, asked: Delimiter, findings: list[FindingView], usual: Mapping[str, str] = NOTHING
) -> Layout:
    """Look through a whole file, and return how it is written.

    Rows that repeat another, or stand apart from the others of their product, become findings. `usual`: what an empty
    cell of a column says.
    Raises FileFault for a file that cannot be read, HeaderFault for one whose header is not that of this kind.
    """
    encoding, size = _encoding(file)
    file.seek(0)
    begins = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(begins)
    delimiter = SIGNS.get(asked) or _delimiter(file, encoding, kind)
    file.seek(begins)
    rows = records(file, encoding, delimiter)
    header = next(rows, None)
    if header is None or header.empty:
        raise FileFault("The file has nothing in its first row; that row must name the columns.")
    columns = named(kind, header.cells)
    total = _counted(rows, Repeats(kind, columns, usual), len(columns), findings)
    if not total:
        raise FileFault("The file has no rows below its header; add some.")
    return Layout(
        encoding=encoding, delimiter=delimiter, columns=columns, size=size, begins=begins + header.ends, rows=total
    )


def _counted(rows: Iterator[Record], repeats: Repeats, width: int, findings: list[FindingView]) -> int:
    """Return how many rows follow the header, and add to what is found of them. Raises FileFault where that is much."""
    total = 0
    with closing(repeats):
        for number, row in enumerate(rows, 2):
            total += not row.empty
            if number - total > MOST_EMPTY:
                raise FileFault(f"More than {MOST_EMPTY} rows of the file are empty; remove them.")
            if not row.empty and len(row.cells) >= width:
                findings += repeats.look(number, row.cells)
            if len(findings) > MOST_FINDINGS:
                wrong = "repeat another or stand apart from their product's"
                raise FileFault(f"More than {MOST_FINDINGS} rows {wrong}; sort the file by code, and leave some out.")
    return total


def _encoding(file: IO[bytes]) -> tuple[str, int]:
    """Return what a text is written in, UTF-8 or else Windows-1252, and how long it is."""
    for encoding in ("utf-8", "cp1252"):
        file.seek(0)
        decoder, size = codecs.getincrementaldecoder(encoding)(), 0
        try:
            while block := file.read(BLOCK):
                if b"\x00" in block:
                    raise FileFault("The file is no text, or not in UTF-8: save it as CSV UTF-8, or as XLSX.")
                decoder.decode(block)
                size += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding, size
    raise FileFault("The file is neither in UTF-8 nor in Windows-1252; save it as CSV UTF-8.")


def _delimiter(file: IO[bytes], encoding: str, kind: ImportKind) -> str:
    """Return the delimiter by which most columns of the header are known."""
    known = {column.name for column in OF[kind]}
    begins = file.tell()
    found: dict[str, int] = {}
    for sign in SIGNS.values():
        file.seek(begins)
        try:
            header = next(records(file, encoding, sign), None)
        except FileFault:
            continue
        cells = header.cells if header else []
        found[sign] = len(known & {cell.strip().lower() for cell in cells})
    return max(found, key=lambda sign: found[sign]) if found else ","
