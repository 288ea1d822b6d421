"""Exports: the catalogue written into files that an import reads again, and which columns such files have."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Query
from shared.contracts.catalog.bulk import ROWS_AT_ONCE, ImportKind
from shared.contracts.catalog.price_lists import ListCode
from shared.contracts.catalog.uploads import KEEPERS
from shared.contracts.values import Currency


class FileFormat(StrEnum):
    """How a file is written: as comma-separated UTF-8 text, or as an Excel workbook of one sheet."""

    CSV = "csv"
    XLSX = "xlsx"


class ColumnView(Contract):
    """A column of a file: what it means, whether a file must have it, and an example."""

    column: str
    meaning: str
    required: bool
    example: str


class ColumnsView(Contract):
    """The columns a file may have, in the order they are exported; the first row of a file names them."""

    kind: ImportKind
    columns: list[ColumnView]


class ExportView(Contract):
    """Some rows of an export, fewer than asked for where they are long, and the cursor of those that follow."""

    columns: list[str]
    rows: list[list[str]]
    next: str | None


class GetImportColumns(Query[ColumnsView], subject="catalog.get_import_columns.v1", allow={Permission.PUBLIC}):
    """Returns which columns a file of this kind may have."""

    kind: ImportKind


class ExportRows(Query[ExportView], subject="catalog.export_rows.v1", allow=KEEPERS):
    """Returns rows of the catalogue as an import of the same kind reads them, by SKU or code.

    Whoever may import a kind may export it. Prices are base prices in the currency, or the rows of a price list.
    """

    timeout: ClassVar[float] = 30.0

    kind: ImportKind
    currency: Currency = "EUR"
    price_list: ListCode | None = None
    cursor: str | None = None
    limit: int = Field(default=ROWS_AT_ONCE, ge=1, le=ROWS_AT_ONCE)
