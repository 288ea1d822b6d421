"""Rows of a file that cannot stand where they are: about what another row is about, or apart from their product's."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from services.catalog.domain.bulk.cells import CellFault, Reads, armed, written
from services.catalog.domain.bulk.columns import KEYS, OF
from services.catalog.domain.bulk.rows import APART, DUPLICATE, error
from shared.contracts.catalog.bulk import FindingView, ImportKind


def product_of(columns: Sequence[str], cells: Sequence[str]) -> str | None:
    """Return the code of the product that a row is about, its SKU where that cell is empty; None in other files."""
    if not {"code", "sku"} <= set(columns):
        return None
    for place in (columns.index("code"), columns.index("sku")):
        if place < len(cells) and (said := _plain(cells[place])):
            return said
    return None


def _plain(cell: str) -> str:
    """Return a cell as it is taken, as far as it can be; one that cannot be read is reported elsewhere."""
    try:
        return armed(cell.strip())
    except CellFault:
        return cell


class Repeats:
    """What the rows of a file were about so far: on the disk, since it may be more than memory should hold.

    Rows of one product are checked and applied together, so they must stand together. `usual`: what an empty cell of a
    column says.
    """

    def __init__(self, kind: ImportKind, columns: Sequence[str], usual: Mapping[str, str]) -> None:
        self._columns, self._usual = columns, usual
        reads = {column.name: column.read for column in OF[kind]}
        self._keys = [(columns.index(name), name, reads[name]) for name in KEYS[kind] if name in columns]
        self._product: str | None = None
        self._database = sqlite3.connect("", check_same_thread=False)
        for table in ("rows", "products"):
            self._database.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def look(self, number: int, cells: Sequence[str]) -> Iterator[FindingView]:
        """Yield what is wrong with the next row, which has as many cells as there are columns."""
        key = [self._said(cells[place], name, read) for place, name, read in self._keys]
        before = self._before("rows", "\x1f".join(key), number)
        if before is not None:
            said = " ".join(part for part in key if part)
            yield error(number, DUPLICATE, f"Row {before} is about {said} too; leave one of them out.")
        product = product_of(self._columns, cells)
        if product is None:
            return
        first = self._before("products", product, number)
        if first is not None and product != self._product:
            message = (
                f"Row {first} is about the product {product} too, and others stand between; sort the file by code."
            )
            yield error(number, APART, message, "code", product)
        else:
            self._product = product

    def _said(self, cell: str, name: str, read: Reads) -> str:
        """Return what a cell says, however it is written: 1 and 1,0 are the same, and so are nothing and the usual."""
        text = _plain(cell) or self._usual.get(name, "")
        try:
            return written(read(text)) if text else ""
        except CellFault:
            return text

    def close(self) -> None:
        """Forget them."""
        self._database.close()

    def _before(self, table: str, key: str, number: int) -> int | None:
        """Return the row in which a key came first, or None for this one."""
        put = self._database.execute(
            f"INSERT INTO {table} VALUES (?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 - no word of anyone's
            (key, number),
        )
        if put.rowcount:
            return None
        found: int = self._database.execute(
            f"SELECT number FROM {table} WHERE key = ?",  # noqa: S608
            (key,),
        ).fetchone()[0]
        return found
