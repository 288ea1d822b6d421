"""Price rows: the lines of a price list."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Query
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference, Scope
from shared.contracts.values import Page, PageSize, Quantity, Sku
from shared.kernel.money import Amount
from shared.kernel.problems import Malformed

ROWS_AT_ONCE = 1_000

RowCursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]


class NewPriceRow(Contract):
    """A row to be set: from `min_qty` on, what its target costs, or how much is taken off each unit."""

    scope: Scope
    target: Sku | None = Field(
        default=None, description="The SKU, product code or category code that the row is about."
    )
    min_qty: Quantity = Decimal(1)
    max_qty: Quantity | None = Field(
        default=None, description="The most a quote's price is locked for; in quotes only."
    )
    kind: AdjustmentKind = AdjustmentKind.FIXED
    value: Amount = Field(description="An amount in the list's currency, or a percent from 0 to 100.")
    reference: Reference = Reference.BASE


class PriceRowView(Contract):
    """A row of a price list; `target` is None for all goods, and where what it was about is no more."""

    id: UUID
    scope: Scope
    target: str | None
    target_id: UUID
    min_qty: Quantity
    max_qty: Quantity | None
    kind: AdjustmentKind
    value: Amount
    reference: Reference
    version: int


class RowsPut(Contract):
    """How many rows of a list were set, and the version that the list has now."""

    id: UUID
    created: int
    changed: int
    unchanged: int
    version: int


class RowsDeleted(Contract):
    """How many rows of a list were deleted, and the version that the list has now."""

    id: UUID
    deleted: int
    version: int


class PriceRowsInvalid(Malformed):
    """Some rows cannot be read or contradict each other; errors[] names each, and none was set."""


class PutPriceRows(Command[RowsPut], subject="catalog.put_price_rows.v1", allow={Permission.PRICES_WRITE}, keyed=False):
    """Sets rows of a price list, all or none; a row of the same target and quantity is replaced."""

    id: UUID
    expected_version: int
    rows: list[NewPriceRow] = Field(min_length=1, max_length=ROWS_AT_ONCE)


class DeletePriceRows(
    Command[RowsDeleted], subject="catalog.delete_price_rows.v1", allow={Permission.PRICES_WRITE}, keyed=False
):
    """Deletes rows of a price list; one that is not there is deleted already."""

    id: UUID
    expected_version: int
    row_ids: list[UUID] = Field(min_length=1, max_length=ROWS_AT_ONCE)


class ListPriceRows(Query[Page[PriceRowView]], subject="catalog.list_price_rows.v1", allow={Permission.PRICES_WRITE}):
    """Returns the rows of a price list, newest first."""

    id: UUID
    scope: Scope | None = None
    target_id: UUID | None = Field(default=None, description="Those about this variant, product or category.")
    cursor: RowCursor | None = None
    limit: PageSize = 100
