"""Warehouses: found by code, kept from being put out of use while goods come to them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Warehouse, WarehouseStock
from shared.contracts.catalog.warehouses import ListWarehouses, WarehouseNotFound
from shared.database.pages import page
from shared.database.rows import find


async def by_id(session: AsyncSession, id_: UUID) -> Warehouse:
    """Return a warehouse. Raises WarehouseNotFound."""
    return await find(session, Warehouse, id_, WarehouseNotFound())


async def serving(session: AsyncSession, code: str | None) -> Warehouse:
    """Return the warehouse of a code, or the first by priority of those in use; nobody else changes it meanwhile.

    Raises WarehouseNotFound.
    """
    statement = select(Warehouse).with_for_update(read=True, key_share=True)
    if code is not None:
        statement = statement.where(Warehouse.code == code)
    else:
        statement = statement.where(Warehouse.active)
        statement = statement.order_by(Warehouse.priority.desc(), Warehouse.created_at, Warehouse.id).limit(1)
    found = await session.scalar(statement)
    if found is None:
        raise WarehouseNotFound(f"There is no warehouse {code}; GET /v1/warehouses lists them." if code else "")
    return found


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether a warehouse has this code already."""
    return bool(await session.scalar(select(exists().where(Warehouse.code == code))))


async def lock_active(session: AsyncSession) -> set[UUID]:
    """Return the warehouses in use, locked in id order: of two that are put out of use, one sees the other."""
    statement = select(Warehouse.id).where(Warehouse.active).order_by(Warehouse.id).with_for_update()
    return set(await session.scalars(statement))


async def empty(session: AsyncSession, warehouse_id: UUID) -> bool:
    """Tell whether nothing is left in a warehouse."""
    there = exists().where(WarehouseStock.warehouse_id == warehouse_id, WarehouseStock.on_hand > 0)
    return not await session.scalar(select(there))


async def one_page(session: AsyncSession, query: ListWarehouses) -> tuple[Sequence[Warehouse], str | None]:
    """Return a page of warehouses, newest first, and the cursor of the next. One statement."""
    statement = select(Warehouse)
    if query.active is not None:
        statement = statement.where(Warehouse.active == query.active)
    return await page(session, statement, Warehouse, query.cursor, query.limit)
