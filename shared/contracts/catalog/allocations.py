"""Allocations: which warehouses the goods of a confirmed order come from, and what it still waits for."""

from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Event, Query
from shared.contracts.catalog.stock import StockSnapshot
from shared.contracts.values import Code, Quantity, Sku, StockLevel
from shared.kernel.problems import NotFound

TOLD_AT_ONCE = 500
"""So many orders one event names at most; more are told in several."""


class AllocatedPart(Contract):
    """How much of a line a warehouse keeps for it."""

    warehouse: Code
    quantity: Quantity


class AllocatedLine(Contract):
    """Where the goods of a variant come from. What `waits` is promised and has yet to come in.

    What is `short` is not even promised: the order was confirmed when there was no more.
    """

    variant_id: UUID
    sku: Sku
    quantity: StockLevel
    warehouses: list[AllocatedPart]
    waits: StockLevel
    short: StockLevel


class AllocationView(Contract):
    """The goods kept for a confirmed order."""

    order_id: UUID
    lines: list[AllocatedLine]


class AllocationNotFound(NotFound):
    """No goods are allocated: the order was confirmed a moment ago or never, was cancelled, or does not exist."""


class GetAllocation(Query[AllocationView], subject="catalog.get_allocation.v1", allow={Permission.CATALOG_READ}):
    """Returns the goods kept for an order, warehouse by warehouse."""

    order_id: UUID


class BackOrderFill(Contract):
    """What an order that waited got of a variant, and how much it still waits for."""

    order_id: UUID
    quantity: Quantity
    left: StockLevel


class BackOrderFilled(Event, subject="catalog.back_order_filled.v1", aggregate="stock.id"):
    """Goods came for orders that waited for them, the oldest first."""

    stock: StockSnapshot
    orders: list[BackOrderFill] = Field(min_length=1, max_length=TOLD_AT_ONCE)
