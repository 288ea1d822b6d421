"""Stock under change: locked in the order of variant ids, changed by one statement however many lines."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Numeric, Row, Select, Uuid, any_, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Stock, Variant
from services.catalog.repository.tables import hold_lines as lines
from services.catalog.repository.tables import stocks
from shared.contracts.catalog.stock import ListStock
from shared.database.pages import after, cursor_of

_ids = bindparam("variant_ids", type_=ARRAY(Uuid()))
# Numeric without precision: a sum of lines may be more than any stock can hold, and then simply is not there.
WANTED = (
    func.unnest(_ids, bindparam("quantities", type_=ARRAY(Numeric())))
    .table_valued(column("variant_id", Uuid()), column("quantity", Numeric()))
    .render_derived("wanted")
)


def _locked(which: Any) -> CTE:
    """Return the stock rows of some variants, locked in id order: two transactions never wait for each other."""
    rows = select(stocks.c.variant_id, (stocks.c.on_hand - stocks.c.reserved).label("available"))
    return rows.where(which).order_by(stocks.c.variant_id).with_for_update().cte("locked")


_of_ids = _locked(stocks.c.variant_id == any_(_ids))
_reserve = (
    update(stocks)
    .where(stocks.c.variant_id == _of_ids.c.variant_id, stocks.c.variant_id == WANTED.c.variant_id)
    # What the locked row says, not what this statement saw before it waited for the lock.
    .where(_of_ids.c.available >= WANTED.c.quantity, stocks.c.variant_id == any_(_ids))
    .values(reserved=stocks.c.reserved + WANTED.c.quantity, version=stocks.c.version + 1)
    .returning(stocks.c.variant_id)
)
_lock = select(_of_ids)
_taken = (
    select(lines.c.variant_id, func.sum(lines.c.quantity).label("quantity"))
    .where(lines.c.order_id == any_(bindparam("order_ids", type_=ARRAY(Uuid()))))
    .group_by(lines.c.variant_id)
    .cte("taken")
)
_of_orders = _locked(stocks.c.variant_id.in_(select(_taken.c.variant_id)))
_give_back = (
    update(stocks)
    .where(stocks.c.variant_id == _of_orders.c.variant_id, stocks.c.variant_id == _taken.c.variant_id)
    .values(reserved=stocks.c.reserved - _taken.c.quantity, version=stocks.c.version + 1)
)
_available = select(stocks.c.variant_id, (stocks.c.on_hand - stocks.c.reserved).label("available")).where(
    stocks.c.variant_id == any_(_ids)
)


async def reserve(session: AsyncSession, wanted: Mapping[UUID, Decimal]) -> set[UUID]:
    """Promise quantities of variants to an order, and return the variants that had enough. One statement.

    Fewer than wanted: the caller refuses, and what was promised is rolled back with it.
    """
    given = {"variant_ids": list(wanted), "quantities": list(wanted.values())}
    return set(await session.scalars(_reserve, given))


async def give_back(session: AsyncSession, order_ids: Collection[UUID]) -> None:
    """Take back the promise of everything that these orders hold. One statement."""
    await session.execute(_give_back, {"order_ids": list(order_ids)})


async def lock(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Lock the stock of variants, and return how many are left of each."""
    rows = await session.execute(_lock, {"variant_ids": list(variant_ids)})
    return {row.variant_id: row.available for row in rows}


async def available(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Return how many are left of each variant."""
    rows = await session.execute(_available, {"variant_ids": list(variant_ids)})
    return {row.variant_id: row.available for row in rows}


async def locked_row(session: AsyncSession, variant_id: UUID) -> Stock:
    """Return a variant's stock, locked and its version raised. Every variant has one."""
    statement = select(Stock).where(Stock.variant_id == variant_id).with_for_update()
    row = (await session.scalars(statement, execution_options={"populate_existing": True})).one()
    row.version += 1
    return row


async def page(session: AsyncSession, query: ListStock) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a page of stock, newest variants first, and the cursor of the next. One statement."""
    columns: list[Any] = [Variant.id, Variant.sku, Variant.created_at, Stock.on_hand, Stock.reserved, Stock.version]
    statement: Select[Any] = select(*columns).join(Stock, Stock.variant_id == Variant.id)
    if query.sku is not None:
        statement = statement.where(Variant.sku == query.sku)
    statement = after(statement, Variant.created_at, Variant.id, query.cursor, query.limit)
    rows = (await session.execute(statement)).all()
    return rows[: query.limit], cursor_of(rows[query.limit - 1]) if len(rows) > query.limit else None
