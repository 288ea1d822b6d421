"""Bulk: files read into the catalogue and written out of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.catalog.price_lists import ListCode
from shared.contracts.catalog.uploads import KEEPERS
from shared.contracts.values import Code, Currency, Page, PageSize
from shared.kernel.problems import Conflict, NotFound

MOST_FINDINGS = 10_000
"""So many errors, and so many differences, of one import are kept; all are counted."""
ROWS_AT_ONCE = 500


class ImportKind(StrEnum):
    """What a file is about."""

    PRODUCTS = "products"
    PRICES = "prices"
    STOCK = "stock"
    CATEGORIES = "categories"
    QUANTITY_RULES = "quantity_rules"


class ImportState(StrEnum):
    """How far an import is. A dry run ends as `checked`."""

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OnError(StrEnum):
    """What rows in error do to the others: nothing is read, or they alone are left out."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP_BAD = "skip_bad"


class Delimiter(StrEnum):
    """What stands between the cells of a CSV file; `auto` finds out."""

    AUTO = "auto"
    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class Outcome(StrEnum):
    """What becomes of a row. Unchanged rows are counted and not listed; what is deleted counts as changed."""

    ERROR = "error"
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


class ImportOptions(Contract):
    """How a file is to be read."""

    currency: Currency = Field(default="EUR", description="Of amounts in rows that name no currency.")
    price_list: ListCode | None = Field(
        default=None, description="The price list that prices are read into; left out, they are base prices."
    )
    warehouse: Code | None = Field(
        default=None, description="Where rows of stock are that name no warehouse; left out, the first in use."
    )
    delimiter: Delimiter = Delimiter.AUTO


class ImportView(Contract):
    """An import: how far it is, and what has become of its rows.

    `done_rows` of `total_rows` counts those of the present pass: first all are checked, then they are applied; with
    `skip_bad` they are applied at once. `total_rows` is None until the file was looked through.
    """

    id: UUID
    upload_id: UUID
    kind: ImportKind
    state: ImportState
    dry_run: bool
    on_error: OnError
    options: ImportOptions
    total_rows: int | None
    done_rows: int
    created_rows: int
    changed_rows: int
    unchanged_rows: int
    failed_rows: int
    trouble: str | None = Field(description="Why nothing was read, where the file as a whole is at fault.")
    created_at: datetime
    finished_at: datetime | None
    version: int


class FindingView(Contract):
    """What an import has to say of a row, or of one cell of it. Rows are counted from the header, row 1.

    An error has a `code` and a `message` with the remedy, a change the `old` and the new `value`, what is deleted the
    `old`.
    """

    row: int
    outcome: Outcome
    column: str | None = None
    old: str | None = None
    value: str | None = None
    code: str | None = None
    message: str | None = None


class ImportSnapshot(Contract):
    """An import as events tell it."""

    id: UUID
    version: int
    kind: ImportKind
    state: ImportState
    dry_run: bool
    total_rows: int | None
    done_rows: int
    created_rows: int
    changed_rows: int
    unchanged_rows: int
    failed_rows: int


class ImportNotFound(NotFound):
    """There is no such import; GET /v1/imports lists them."""


class ImportEnded(Conflict):
    """The import has ended; what it did stays. Import a corrected file to change it."""


FindingCursor = Annotated[str, Field(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}$")]


class StartImport(Command[ImportView], subject="catalog.start_import.v1", allow=KEEPERS):
    """Reads an uploaded file into the catalogue, in the background; one import of a kind at a time, others wait.

    Products need catalog:write and prices:write, prices prices:write, stock stock:write, categories and quantity rules
    catalog:write. Rows are found by SKU or code; what is there is changed, what is not is made, and equal rows are left
    alone. An empty cell empties what may be empty; a column that the file does not have leaves its field alone. Rows
    of prices and quantity rules may ask for what they are about to be deleted; what is gone already stays so.
    """

    upload_id: UUID
    kind: ImportKind
    dry_run: bool = Field(default=False, description="Only check, and report what would change.")
    on_error: OnError = OnError.ALL_OR_NOTHING
    options: ImportOptions = Field(default_factory=ImportOptions)


class CancelImport(Command[ImportView], subject="catalog.cancel_import.v1", allow=KEEPERS, keyed=False):
    """Ends an import that runs or waits, between two of its steps; rows it has applied stay."""

    id: UUID


class GetImport(Query[ImportView], subject="catalog.get_import.v1", allow=KEEPERS):
    """Returns how far an import is, to whoever may start one of its kind."""

    id: UUID


class ListImports(Query[Page[ImportView]], subject="catalog.list_imports.v1", allow=KEEPERS):
    """Returns imports of the kinds that the caller may start, newest first."""

    kind: ImportKind | None = None
    cursor: str | None = None
    limit: PageSize = 20


class ListFindings(Query[Page[FindingView]], subject="catalog.list_findings.v1", allow=KEEPERS):
    """Returns what an import found, row by row from the top of the file, to whoever may start one of its kind.

    It is kept for 90 days after the import's end.
    """

    id: UUID
    outcome: Outcome | None = Field(default=None, description="Only errors, or only one kind of difference.")
    cursor: FindingCursor | None = None
    limit: int = Field(default=100, ge=1, le=ROWS_AT_ONCE, description="How many findings a page has at most.")


class ImportStarted(Event, subject="catalog.import_started.v1", aggregate="run.id"):
    """A file is being read into the catalogue."""

    run: ImportSnapshot


class ImportProgressed(Event, subject="catalog.import_progressed.v1", aggregate="run.id"):
    """Some rows of a file were checked or applied.

    `changed_ids` names what is other than before: products, variants whose stock was counted, categories, price lists
    or quantity rules. This one
    event stands for all of them: an import tells no ProductChanged, StockChanged or
    QuantityRulesChanged of its own.
    """

    run: ImportSnapshot
    changed_ids: list[UUID] = Field(default_factory=list)


class ImportFinished(Event, subject="catalog.import_finished.v1", aggregate="run.id"):
    """An import has come to its end: done, checked, failed or cancelled."""

    run: ImportSnapshot
