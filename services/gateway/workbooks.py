"""Excel workbooks of one sheet, written as they are sent: nothing of them is kept."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A number is written as one where a spreadsheet keeps it as it stands: SKUs such as 0042 stay texts.
NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BEGINS = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{DOCUMENT}">'
    '<sheets><sheet name="Courtier" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class _Sent:
    """What was written and is still to be sent; it cannot be gone back in."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it to be told."""

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


class Workbook:
    """A workbook being written: `rows` and `end` return the bytes to be sent next."""

    media, ending = MEDIA, "xlsx"

    def __init__(self) -> None:
        self._sent = _Sent()
        self._zip = zipfile.ZipFile(self._sent, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        for name, part in PARTS.items():
            self._zip.writestr(name, BEGINS + part)
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w")
        self._sheet.write(f'{BEGINS}<worksheet xmlns="{SHEETS}"><sheetData>'.encode())

    def rows(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Write some rows."""
        for row in rows:
            self._sheet.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
        return self._sent.take()

    def end(self) -> bytes:
        """Write what stands behind the last row."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._sent.take()


def _cell(text: str) -> str:
    if not text:
        return "<c/>"
    if NUMBER.fullmatch(text) and format(Decimal(text).normalize(), "f") == text:
        return f"<c><v>{text}</v></c>"
    said = escape(NOT_IN_XML.sub("", text))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
