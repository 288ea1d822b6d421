"""Quick order: a pasted list, or a CSV, of SKUs and how many of each; read line by line, never refused whole. Pure.

A line is a SKU or a barcode and a quantity, 1 where none is written: `CAFE-1KG;2`, `CAFE-1KG<tab>2`, `CAFE-1KG,2`,
`CAFE-1KG 2`, `CAFE-1KG x 2` or `2 x CAFE-1KG`. A first line that names columns says where they stand. What may be read
in two ways is not guessed: nobody should get a thousand pieces for one.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_LINES, LONGEST_LINE, LONGEST_SKU = 500, 500, 64
LARGEST, DECIMALS = Decimal(10) ** 11, 3  # as shared.contracts.values.Quantity has it
SKU_NAMES = frozenset(
    ("sku", "ref", "reference", "code", "article", "product", "produit", "item", "barcode", "code-barres", "ean")
)
QUANTITY_NAMES = frozenset(("quantity", "qty", "quantite", "qte", "nombre", "nb", "units", "unites", "pieces"))
# French thousands are kept apart by a no-break or a narrow space; a plain one stands between columns.
NUMBER = "[+-]?[0-9][0-9\u00a0\u202f]*(?:[.,][0-9]+)*"
FORMS = (
    re.compile(rf"(?P<sku>\S.*?)(?:\s+[xX*]\s*|\s*×\s*)(?P<quantity>{NUMBER})"),
    re.compile(rf"(?P<quantity>{NUMBER})\s*(?:[xX*]\s+|×\s*)(?P<sku>\S.*)"),
    re.compile(rf"(?P<sku>\S.*?)\s+(?P<quantity>{NUMBER})"),
)
DECIMAL_COMMA = re.compile(r"[^,]*(?:\s[xX*]?|×)[+-]?[0-9]+,[0-9]+|[0-9]+,[0-9]+\s*(?:[xX*]\s+|×)[^,]*")
PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
QUOTED, CONTROLS = re.compile(r'"[^"]*"'), re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Line:
    """What is wanted: a SKU or a barcode, as written, and how many units of it. The first line is number 1."""

    line_no: int
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read: how it begins, why (an upper-case code), and what to do."""

    line_no: int
    text: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Where SKU and quantity stand among the parts of a line, from 0; `named`: a first line says so."""

    sku: int = 0
    quantity: int = 1
    named: bool = False


class _Unreadable(Exception):
    """A line cannot be read: a code, and what to do."""


def read(text: str) -> list[Line | Fault]:
    """Return each line of a pasted list, in order: what is wanted, or why it cannot be read. Empty lines are left out.

    Of a list of more than 500 lines the rest is one fault, at the first line that was not read.
    """
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    written = [(number, line.strip(" \u00a0")) for number, line in enumerate(lines, 1) if line.strip()]
    columns = _columns(written[0][1]) if written else None
    body = written[1:] if columns else written
    found = [_read(number, line, columns or Columns()) for number, line in body[:MOST_LINES]]
    if len(body) > MOST_LINES:
        number, line = body[MOST_LINES]
        message = f"A list has at most {MOST_LINES} lines; send those from here on as another."
        found.append(Fault(number, line[:LONGEST_SKU], "TOO_MANY_LINES", message))
    return found


def _columns(first: str) -> Columns | None:
    """Return where the columns stand that a first line names; None for a line that names none."""
    if len(first) > LONGEST_LINE:
        return None
    separator = _separator(first)
    names = [_plain(part) for part in (_parts(first, separator) if separator else first.split())]
    sku = next((place for place, name in enumerate(names) if name in SKU_NAMES), None)
    quantity = next((place for place, name in enumerate(names) if name in QUANTITY_NAMES), None)
    if sku is None or (quantity is None and len(names) > 1):
        return None
    return Columns() if quantity is None else Columns(sku, quantity, named=True)


def _plain(name: str) -> str:
    """Return the name of a column without capitals, accents and full stops: "Qté." is "qte"."""
    bare = unicodedata.normalize("NFKD", name.strip(" .:").casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _read(number: int, line: str, columns: Columns) -> Line | Fault:
    try:
        if len(line) > LONGEST_LINE:
            raise _Unreadable("LINE_TOO_LONG", "Put each product on a line of its own.")
        sku, quantity = _taken_apart(line, columns)
        return Line(number, _sku(sku), _quantity(quantity) if quantity else Decimal(1))
    except _Unreadable as unreadable:
        code, message = unreadable.args
        return Fault(number, line[:LONGEST_SKU], code, message)


def _taken_apart(line: str, columns: Columns) -> tuple[str, str]:
    """Return the SKU and the quantity of a line as written, the quantity empty where there is none."""
    if separator := _separator(line):
        return _of_columns(_parts(line, separator), separator, columns)
    for form in FORMS:
        if found := form.fullmatch(line):
            return found["sku"].strip('" '), found["quantity"]
    return line.strip('" '), ""


def _of_columns(parts: Sequence[str], separator: str, columns: Columns) -> tuple[str, str]:
    quantity = parts[columns.quantity] if columns.quantity < len(parts) else ""
    if separator == "," and not columns.named and len(parts) == 3 and quantity.isdigit() and parts[2].isdigit():
        raise _Unreadable("QUANTITY_AMBIGUOUS", "It may be a column or decimals; write a semicolon between columns.")
    if not quantity and (columns.named or any(parts[columns.quantity :])):
        # An order form is sent with every product there is: what has no quantity in it is not wanted once.
        raise _Unreadable("QUANTITY_MISSING", "Write a quantity, or leave the line out.")
    return parts[columns.sku] if columns.sku < len(parts) else "", quantity


def _separator(line: str) -> str | None:
    """Return what stands between the columns of a line, where it is a sign of its own."""
    bare = QUOTED.sub("", line)
    for separator in ("\t", ";"):
        if separator in bare:
            return separator
    return "," if "," in bare and not DECIMAL_COMMA.fullmatch(bare) else None


def _parts(line: str, separator: str) -> list[str]:
    return [part.strip() for part in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]


def _sku(sku: str) -> str:
    if not sku:
        raise _Unreadable("SKU_MISSING", "Write the SKU or the barcode before the quantity.")
    if len(sku) > LONGEST_SKU:
        raise _Unreadable("SKU_TOO_LONG", f"A SKU has at most {LONGEST_SKU} signs; write it, not the product's name.")
    if CONTROLS.search(sku):
        raise _Unreadable("SKU_INVALID", "The SKU holds signs that cannot be printed; write it anew.")
    return sku


def _quantity(written: str) -> Decimal:
    """Return a quantity above zero with at most three decimals."""
    if PERHAPS_THOUSANDS.fullmatch(written):
        raise _Unreadable("QUANTITY_AMBIGUOUS", "It may be thousands or decimals; write it as 1000, or as 1.5.")
    if not PLAIN.fullmatch(digits := _digits(written)):
        raise _Unreadable("QUANTITY_INVALID", "Write the quantity as a number, such as 2 or 2.5, behind a semicolon.")
    quantity = Decimal(digits)
    if quantity <= 0:
        raise _Unreadable("QUANTITY_NOT_POSITIVE", "Write a quantity above zero, or leave the line out.")
    if quantity >= LARGEST:
        raise _Unreadable("QUANTITY_TOO_LARGE", "Write a smaller one; SKU and quantity may have changed places.")
    if quantity != round(quantity, DECIMALS):
        raise _Unreadable("QUANTITY_TOO_FINE", f"A quantity has at most {DECIMALS} decimals; round it.")
    return quantity


def _digits(written: str) -> str:
    """Return a number as programs write it: "1 234,5", "1.234,5" and "1,234.5" are "1234.5"."""
    bare = "".join(written.split())
    decimal = max(bare.rfind(","), bare.rfind("."))
    if decimal < 0:
        return bare
    grouped = "," if bare[decimal] == "." else "."
    return f"{bare[:decimal].replace(grouped, '')}.{bare[decimal + 1 :]}"
