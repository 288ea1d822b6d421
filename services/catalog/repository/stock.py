"""Stock under change: locked in the order of variant ids, changed by one statement however many lines.

Promises change under a lock that lets confirmations read on; whoever moves goods locks out both.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Numeric,
    Row,
    Uuid,
    any_,
    bindparam,
    case,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.stock import MOST, Level
from services.catalog.repository.tables import hold_lines as lines
from services.catalog.repository.tables import stocks, variants
from shared.contracts.catalog.stock import SellAhead

IDS = bindparam("variant_ids", type_=ARRAY(Uuid()))
# Numeric without precision: a sum of lines may be more than any stock can hold, and then simply is not there.
WANTED = (
    func.unnest(IDS, bindparam("quantities", type_=ARRAY(Numeric())))
    .table_valued(column("variant_id", Uuid()), column("quantity", Numeric()))
    .render_derived("wanted")
)
_most = literal(MOST, Numeric())
_ahead = case((stocks.c.ahead == SellAhead.NONE, literal(0)), else_=func.coalesce(stocks.c.ahead_limit, _most))
PROMISABLE: ColumnElement[Decimal] = func.least(stocks.c.on_hand + _ahead, _most) - stocks.c.reserved
_sku = select(variants.c.sku).where(variants.c.id == stocks.c.variant_id).correlate(stocks).scalar_subquery()
_level = [_sku.label("sku") if name == "sku" else stocks.c[name] for name in Level.__dataclass_fields__]
_lacks = lines.c.waits + lines.c.short > literal_column("0")  # a parameter would hide the partial index
_awaited = exists().where(lines.c.variant_id == stocks.c.variant_id, _lacks).correlate(stocks)


class Changed(NamedTuple):
    """A variant's level after a change of its promises, how many were left before, and whether an order waits."""

    level: Level
    before: Decimal
    awaited: bool


def _locked(which: Any) -> CTE:
    """Return the stock rows of some variants, locked in id order: two transactions never wait for each other."""
    rows = select(stocks.c.variant_id, PROMISABLE.label("promisable"))
    return rows.where(which).order_by(stocks.c.variant_id).with_for_update(key_share=True).cte("locked")


_of_ids = _locked(stocks.c.variant_id == any_(IDS))
_reserve = (
    update(stocks)
    .where(stocks.c.variant_id == _of_ids.c.variant_id, stocks.c.variant_id == WANTED.c.variant_id)
    # What the locked row says, not what this statement saw before it waited for the lock.
    .where(_of_ids.c.promisable >= WANTED.c.quantity, stocks.c.variant_id == any_(IDS))
    .values(reserved=stocks.c.reserved + WANTED.c.quantity, version=stocks.c.version + 1)
    .returning(*_level, (-WANTED.c.quantity).label("change"), false().label("awaited"))
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
    .returning(*_level, _taken.c.quantity.label("change"), _awaited.label("awaited"))
)
_lock_of_orders = select(_of_orders)
_promise = (
    update(stocks)
    .where(stocks.c.variant_id == WANTED.c.variant_id)
    .values(reserved=stocks.c.reserved + WANTED.c.quantity)
)
_promisable = select(stocks.c.variant_id, PROMISABLE.label("promisable")).where(stocks.c.variant_id == any_(IDS))
_to_move = select(*_level).where(stocks.c.variant_id == any_(IDS)).order_by(stocks.c.variant_id).with_for_update()


async def reserve(session: AsyncSession, wanted: Mapping[UUID, Decimal]) -> list[Changed]:
    """Promise quantities of variants to an order, and return those of which so many may be promised. One statement.

    Fewer than wanted: the caller refuses, and what was promised is rolled back with it.
    """
    given = {"variant_ids": list(wanted), "quantities": list(wanted.values())}
    return [_changed(row) for row in await session.execute(_reserve, given)]


async def give_back(session: AsyncSession, order_ids: Collection[UUID]) -> list[Changed]:
    """Take back the promise of everything that these orders hold. One statement."""
    return [_changed(row) for row in await session.execute(_give_back, {"order_ids": list(order_ids)})]


async def lock_of(session: AsyncSession, order_ids: Collection[UUID]) -> None:
    """Lock the stock of all that these orders hold, before it is read what that is. One statement."""
    await session.execute(_lock_of_orders, {"order_ids": list(order_ids)})


async def promise(session: AsyncSession, more: Mapping[UUID, Decimal]) -> None:
    """Promise more of variants whose stock is locked, at the version it has already got. One statement."""
    await session.execute(_promise, {"variant_ids": list(more), "quantities": list(more.values())})


async def lock(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Lock the stock of variants, and return how many more may be promised of each."""
    rows = await session.execute(_lock, {"variant_ids": list(variant_ids)})
    return {row.variant_id: row.promisable for row in rows}


async def available(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Return how many more may be promised of each variant."""
    rows = await session.execute(_promisable, {"variant_ids": list(variant_ids)})
    return {row.variant_id: row.promisable for row in rows}


async def lock_to_move(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, Level]:
    """Lock the stock of variants whose goods are to come or go, and return it as it is. One statement.

    Until the transaction ends no order of theirs is held, released or given its goods by another one.
    """
    rows = await session.execute(_to_move, {"variant_ids": list(variant_ids)})
    return {row.variant_id: _as_level(row) for row in rows}


def _changed(row: Row[Any]) -> Changed:
    level = _as_level(row)
    return Changed(level, level.available - row.change, row.awaited)


def _as_level(row: Row[Any]) -> Level:
    return Level(*row[: len(_level)])


async def put_selling(session: AsyncSession, level: Level, expected_at: Any) -> None:
    """Keep how a variant is sold ahead and when people are told; its stock is locked. One statement."""
    kept = {name: getattr(level, name) for name in ("ahead", "ahead_limit", "low_at", "version")}
    statement = update(stocks).where(stocks.c.variant_id == level.variant_id)
    await session.execute(statement.values(**kept, expected_at=expected_at))
