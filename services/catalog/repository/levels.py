"""Stock as those who keep it read it: by variant, warehouse by warehouse; and the movements that made it so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Stock, StockMovement, Variant, Warehouse, WarehouseStock
from shared.contracts.catalog.movements import ListMovements
from shared.contracts.catalog.stock import ListStock
from shared.database.pages import after, cursor_of, cut

Found = tuple[Sequence[Row[Any]], str | None]
SOMETHING = (WarehouseStock.on_hand > 0) | (WarehouseStock.allocated > 0)


def _levels() -> Select[Any]:
    """Return the statement of one row per variant, with its warehouses in the order in which they are taken from."""
    in_order: Any = (Warehouse.priority.desc(), Warehouse.created_at, Warehouse.id)
    level = func.jsonb_build_object(
        # As texts: a JSON number would come back as a float.
        *("warehouse", Warehouse.code),
        *("on_hand", cast(WarehouseStock.on_hand, String)),
        *("allocated", cast(WarehouseStock.allocated, String)),
    )
    by_warehouse = (
        select(func.coalesce(func.jsonb_agg(aggregate_order_by(level, *in_order)), literal([], JSONB())))
        .select_from(WarehouseStock)
        .join(Warehouse, Warehouse.id == WarehouseStock.warehouse_id)
        .where(WarehouseStock.variant_id == Variant.id, SOMETHING)
        .correlate(Variant)
        .scalar_subquery()
    )
    columns: list[Any] = [Variant.id, Variant.sku, Variant.created_at, Stock.on_hand, Stock.reserved, Stock.version]
    columns += [Stock.ahead, Stock.ahead_limit, Stock.expected_at, Stock.low_at, by_warehouse.label("warehouses")]
    return select(*columns).select_from(Variant).join(Stock, Stock.variant_id == Variant.id)


async def one(session: AsyncSession, variant_id: UUID) -> Row[Any]:
    """Return a variant's stock. Every variant has one. One statement."""
    found: Row[Any] = (await session.execute(_levels().where(Variant.id == variant_id))).one()
    return found


async def one_page(session: AsyncSession, query: ListStock) -> Found:
    """Return a page of stock, newest variants first, and the cursor of the next. One statement."""
    statement = _levels()
    if query.sku is not None:
        statement = statement.where(Variant.sku == query.sku)
    if query.low:
        statement = statement.where(Stock.on_hand - Stock.reserved <= Stock.low_at)
    if query.warehouse is not None:
        kept = exists().where(
            WarehouseStock.variant_id == Variant.id,
            WarehouseStock.warehouse_id == Warehouse.id,
            Warehouse.code == query.warehouse,
            WarehouseStock.on_hand > 0,
        )
        statement = statement.where(kept)
    return await _paged(session, statement, Variant, query)


async def movements(session: AsyncSession, query: ListMovements) -> Found:
    """Return a page of movements, newest first, and the cursor of the next. One statement."""
    columns: list[Any] = [getattr(StockMovement, name) for name in ("id", "variant_id", "kind", "quantity")]
    columns += [StockMovement.reference, StockMovement.actor, StockMovement.created_at]
    statement: Select[Any] = (
        select(*columns, Variant.sku, Warehouse.code.label("warehouse"))
        .select_from(StockMovement)
        .join(Variant, Variant.id == StockMovement.variant_id)
        .join(Warehouse, Warehouse.id == StockMovement.warehouse_id)
    )
    if query.sku is not None:
        statement = statement.where(Variant.sku == query.sku)
    if query.warehouse is not None:
        statement = statement.where(Warehouse.code == query.warehouse)
    if query.kind is not None:
        statement = statement.where(StockMovement.kind == query.kind)
    return await _paged(session, statement, StockMovement, query)


async def _paged(session: AsyncSession, statement: Select[Any], model: Any, query: ListStock | ListMovements) -> Found:
    statement = after(statement, model.created_at, model.id, query.cursor, query.limit)
    return cut((await session.execute(statement)).all(), query.limit, cursor_of)
