"""Stock and allocations as those who keep them see them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from shared.contracts.catalog.allocations import AllocatedLine, AllocatedPart, AllocationView
from shared.contracts.catalog.stock import StockView, WarehouseLevel

STOCK = ("sku", "on_hand", "reserved", "ahead", "ahead_limit", "expected_at", "low_at", "version")


def stock_view(row: Row[Any]) -> StockView:
    """Return a variant's stock as staff see it."""
    levels = [WarehouseLevel.model_validate(level) for level in row.warehouses]
    return StockView(
        variant_id=row.id,
        available=row.on_hand - row.reserved,
        warehouses=levels,
        **{name: getattr(row, name) for name in STOCK},
    )


def allocation_view(order_id: UUID, rows: Sequence[Row[Any]]) -> AllocationView:
    """Return what is kept for an order, from one row per line and warehouse."""
    by_line = (list(group) for _, group in groupby(rows, key=lambda row: row.variant_id))
    return AllocationView(order_id=order_id, lines=[_allocated_line(parts) for parts in by_line])


def _allocated_line(parts: Sequence[Row[Any]]) -> AllocatedLine:
    line = parts[0]
    return AllocatedLine(
        variant_id=line.variant_id,
        sku=line.sku,
        quantity=line.quantity,
        warehouses=[AllocatedPart(warehouse=part.warehouse, quantity=part.kept) for part in parts if part.kept],
        waits=line.waits,
        short=line.short,
    )
