"""The texts that the cells of a workbook share, and how its parts are parsed."""

import zipfile
from array import array
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from services.catalog.adapters.files import FileFault

MOST_CELL = 1024 * 1024
BLOCK, REMEMBERED, SHORT = 64 * 1024, 10_000, 200
NO_BOOK = "The file is no Excel workbook that can be read; save it as XLSX or CSV again."
CELL_TOO_LONG = "A cell of the workbook has more than a million characters; shorten it."


def parser_of() -> expat.XMLParserType:
    """Return a parser of a part that refuses what only harmful files have."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise FileFault(NO_BOOK)  # no workbook declares a document type; a bomb of entities does

    parser.StartDoctypeDeclHandler = refuse
    return parser


def fed(parser: expat.XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Parse a part block by block, with a pause after each."""
    while block := part.read(BLOCK):
        parser.Parse(block, False)
        yield
    parser.Parse(b"", True)
    yield


class Texts:
    """The texts that cells share, on the disk; in memory stand where each begins, and those asked for last."""

    def __init__(self, book: zipfile.ZipFile, kept: IO[bytes]) -> None:
        self._kept, self._begins, self._recent = kept, array("Q", [0]), dict[int, str]()
        if "xl/sharedStrings.xml" in book.namelist():
            with book.open("xl/sharedStrings.xml") as part:
                self._read(part)

    def _read(self, part: IO[bytes]) -> None:
        parser, words = parser_of(), _Words()
        parser.StartElementHandler, parser.EndElementHandler = words.start, words.end
        parser.CharacterDataHandler = words.say
        for _ in fed(parser, part):
            for text in words.done:
                self._begins.append(self._begins[-1] + self._kept.write(text.encode()))
            words.done.clear()

    def __getitem__(self, index: int) -> str:
        """Return the text of a number. Raises FileFault for one that is not there."""
        if index in self._recent:
            return self._recent[index]
        if not 0 <= index < len(self._begins) - 1:
            raise FileFault(NO_BOOK)
        self._kept.seek(self._begins[index])
        text = self._kept.read(self._begins[index + 1] - self._begins[index]).decode()
        if len(self._recent) >= REMEMBERED:
            self._recent.clear()
        if len(text) <= SHORT:
            self._recent[index] = text
        return text


class _Words:
    """Gathers the texts of <si> elements; how they are pronounced (<rPh>) is left out."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._parts: list[str] = []
        self._size, self._in, self._aside = 0, False, 0

    def start(self, name: str, _: dict[str, str]) -> None:
        self._in = name.endswith("t") and name.rpartition(":")[2] == "t"
        self._aside += name.rpartition(":")[2] == "rPh"

    def end(self, name: str) -> None:
        self._in = False
        local = name.rpartition(":")[2]
        self._aside -= local == "rPh"
        if local == "si":
            self.done.append("".join(self._parts))
            self._parts, self._size = [], 0

    def say(self, text: str) -> None:
        if self._in and not self._aside:
            self._size += len(text)
            if self._size > MOST_CELL:
                raise FileFault(CELL_TOO_LONG)
            self._parts.append(text)
