"""Movements: why there are more or fewer of a variant in a warehouse than before."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.contracts.actor import ActorRef, Permission
from shared.contracts.base import Command, Contract, Query
from shared.contracts.catalog.stock import StockView
from shared.contracts.values import Code, Page, PageSize, Quantity, Sku, StockLevel, Text
from shared.kernel.problems import Conflict, Malformed


class MovementKind(StrEnum):
    """Why goods came to a warehouse or left it."""

    RECEIPT = "receipt"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    COUNT = "count"


class MovementView(Contract):
    """Goods that came to a warehouse, or left it: `quantity` is below zero then. Never changed, only added to."""

    id: UUID
    variant_id: UUID
    sku: Sku
    warehouse: Code
    kind: MovementKind
    quantity: StockLevel
    reference: Text
    actor: ActorRef
    created_at: datetime


class WarehouseShort(Conflict):
    """The warehouse has fewer than this; details give how many."""


class SameWarehouse(Malformed):
    """Goods are transferred from one warehouse to another; name two different ones."""


def _moves_something(delta: Decimal) -> Decimal:
    if not delta:
        raise ValueError("an adjustment by nothing changes nothing; give how many more or fewer there are")
    return delta


Delta = Annotated[StockLevel, AfterValidator(_moves_something)]
"""How many more there are than before, or fewer where it is below zero; never zero."""


class AdjustStock(Command[StockView], subject="catalog.adjust_stock.v1", allow={Permission.STOCK_WRITE}):
    """Adds to the stock of a warehouse, or takes from it, for a reason such as breakage."""

    sku: Sku
    delta: Delta
    reason: Text
    warehouse: Code | None = Field(default=None, description="Left out, the first by priority of those in use.")


class CountStock(Command[StockView], subject="catalog.count_stock.v1", allow={Permission.STOCK_WRITE}, keyed=False):
    """Sets the stock of a warehouse to what was counted, by a movement of the difference.

    The version is that of the variant's stock: what was sold or moved since the counting began is not overwritten.
    """

    sku: Sku
    warehouse: Code
    expected_version: int
    counted: StockLevel = Field(ge=0)
    reason: Text


class TransferStock(Command[StockView], subject="catalog.transfer_stock.v1", allow={Permission.STOCK_WRITE}):
    """Moves goods from one warehouse to another, by two movements that add up to nothing."""

    sku: Sku
    quantity: Quantity
    source: Code
    target: Code
    reference: Text


class ListMovements(Query[Page[MovementView]], subject="catalog.list_movements.v1", allow={Permission.CATALOG_READ}):
    """Returns movements, of a variant, a warehouse or a kind."""

    sku: Sku | None = None
    warehouse: Code | None = None
    kind: MovementKind | None = None
    cursor: str | None = None
    limit: PageSize = 20
