"""Rows of a file that cannot stand where they are: about what another row is about, or apart from their product's."""

import sqlite3
from collections.abc import Iterator, Sequence

from services.catalog.domain.bulk.columns import KEYS
from services.catalog.domain.bulk.rows import APART, DUPLICATE, error
from shared.contracts.catalog.bulk import FindingView, ImportKind


def product_of(columns: Sequence[str], cells: Sequence[str]) -> str | None:
    """Return the code of the product that a row is about, its SKU where that cell is empty; None in other files."""
    if not {"code", "sku"} <= set(columns):
        return None
    for place in (columns.index("code"), columns.index("sku")):
        if place < len(cells) and cells[place].strip():
            return cells[place].strip()
    return None


class Repeats:
    """What the rows of a file were about so far: on the disk, since it may be more than memory should hold.

    Rows of one product are checked and applied together, so they must stand together.
    """

    def __init__(self, kind: ImportKind, columns: Sequence[str]) -> None:
        self._columns = columns
        self._keys = [columns.index(name) for name in KEYS[kind] if name in columns]
        self._product: str | None = None
        self._database = sqlite3.connect("", check_same_thread=False)
        for table in ("rows", "products"):
            self._database.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def look(self, number: int, cells: Sequence[str]) -> Iterator[FindingView]:
        """Yield what is wrong with the next row, which has as many cells as there are columns."""
        key = [cells[place].strip() for place in self._keys]
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
