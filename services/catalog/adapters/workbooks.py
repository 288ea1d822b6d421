"""Excel workbooks, read row by row: the first sheet becomes CSV. Neither sheet nor texts are ever whole in memory.

Cells are what they show as values: numbers in full, yes and no, dates as the day numbers that they are kept as. A
formula stays one, so that its row is refused: what it came to when somebody last saved is not what the file says.
"""

import csv
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import IO
from xml.parsers import expat

from services.catalog.adapters.files import FileFault
from services.catalog.adapters.shared_texts import BLOCK, CELL_TOO_LONG, MOST_CELL, NO_BOOK, Texts, fed, parser_of

MOST_BYTES = 256 * 1024 * 1024
"""A workbook may be unpacked into so many bytes; a small file that holds more is there to do harm."""
MOST_ENTRIES, MOST_COLUMNS, MOST_ROWS = 1_000, 200, 1_048_576
BEGINS_AS_ZIP = b"PK\x03\x04"
PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")
NO_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError)
TOO_LARGE = "The workbook is larger than 256 MB once unpacked; save it as CSV."


def is_workbook(file: IO[bytes]) -> bool:
    """Tell whether a file begins as a workbook does."""
    file.seek(0)
    return file.read(4) == BEGINS_AS_ZIP


def as_csv(file: IO[bytes], target: IO[bytes]) -> None:
    """Write a workbook's first sheet as CSV in UTF-8. Raises FileFault for what is none, or is there to do harm."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as book:
            _check(book)
            _write(book, target)
    except FileFault:
        raise
    except (*NO_ZIP, expat.ExpatError, KeyError, ValueError):
        raise FileFault(NO_BOOK) from None


def _check(book: zipfile.ZipFile) -> None:
    entries = book.infolist()
    # zipfile reads no more of an entry than its directory announces, so what that says can be relied upon.
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise FileFault(TOO_LARGE)


def _write(book: zipfile.ZipFile, target: IO[bytes]) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    writer, width, last = csv.writer(text), 0, 0
    with tempfile.TemporaryFile() as kept, book.open(_first_sheet(book)) as sheet:
        texts = Texts(book, kept)
        for number, cells in _Sheet(sheet, texts).rows():
            width = width or len(cells)
            if not last < number <= MOST_ROWS:
                raise FileFault(NO_BOOK)
            # Rows that are not there are empty ones: the numbers of those behind must stay what people see.
            for _ in range(last + 1, number):
                writer.writerow([""] * width)
            writer.writerow(_fitted(cells, width))
            last = number
            if text.tell() > MOST_BYTES:
                raise FileFault(TOO_LARGE)
    text.detach()


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return a row as wide as the header: missing cells are empty, empty ones beyond it are none."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [""] * (width - len(cells))


def _first_sheet(book: zipfile.ZipFile) -> str:
    """Return the path of the first sheet, as the book's own parts name it."""
    ids = [attributes.get("r:id", "") for name, attributes in _tags(book, "xl/workbook.xml") if name == "sheet"]
    targets = {
        attributes.get("Id"): attributes.get("Target", "")
        for name, attributes in _tags(book, "xl/_rels/workbook.xml.rels")
        if name == "Relationship"
    }
    target = targets.get(ids[0], "") if ids else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tags(book: zipfile.ZipFile, path: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = parser_of()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    with book.open(path) as part:
        for _ in fed(parser, part):
            if len(found) > MOST_BYTES // BLOCK:
                raise FileFault(TOO_LARGE)
    return found


class _Sheet:
    """Yields a sheet's rows as texts, each with its number."""

    def __init__(self, sheet: IO[bytes], texts: Texts) -> None:
        self._sheet, self._texts = sheet, texts
        self._done: list[tuple[int, list[str]]] = []
        self._number, self._cells = 0, list[str]()
        self._place, self._kind, self._value, self._formula = 0, "", list[str](), False
        self._tag, self._size = "", 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield them from the top."""
        parser = parser_of()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._say
        for _ in fed(parser, self._sheet):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._tag = name.rpartition(":")[2]
        if self._tag == "row":
            self._number, self._cells, self._place = int(attributes.get("r", self._number + 1)), [], 0
        elif self._tag == "c":
            place = PLACE.fullmatch(attributes.get("r", ""))
            self._place = _column(place[1]) if place else self._place + 1
            self._kind, self._value, self._formula, self._size = attributes.get("t", "n"), [], False, 0
        elif self._tag == "f":
            self._formula = True

    def _say(self, text: str) -> None:
        if self._tag in ("v", "t"):
            self._size += len(text)
            if self._size > MOST_CELL:
                raise FileFault(CELL_TOO_LONG)
            self._value.append(text)

    def _end(self, name: str) -> None:
        local, self._tag = name.rpartition(":")[2], ""
        if local == "c":
            if self._place > MOST_COLUMNS:
                raise FileFault(f"The sheet has more than {MOST_COLUMNS} columns; remove those not needed.")
            self._cells += [""] * (self._place - 1 - len(self._cells))
            self._cells.append(self._read("".join(self._value)))
        elif local == "row":
            self._done.append((self._number, self._cells))

    def _read(self, value: str) -> str:
        if self._formula:
            return "="
        if self._kind == "s":
            return self._texts[int(value)] if value.isdigit() else ""
        if self._kind == "b":
            return "yes" if value == "1" else "no"
        if self._kind != "n" or not value:
            return value
        try:  # 24.9 is kept as 24.899999999999999: the shortest number that means the same is what people see
            number = Decimal(repr(float(value)))
            return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f")
        except (ValueError, ArithmeticError):  # infinity cannot be made whole
            raise FileFault(NO_BOOK) from None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
