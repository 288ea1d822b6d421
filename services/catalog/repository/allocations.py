"""Allocations: goods kept for orders that stand; which of them orders does not need, and which orders have none."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Uuid,
    all_,
    any_,
    bindparam,
    case,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.holds import BELIEVED_FOR, HoldState
from services.catalog.repository.tables import allocation_rounds as rounds
from services.catalog.repository.tables import holds
from services.catalog.repository.tables import missed_allocations as missing
from shared.contracts.orders.standing import ASKED_AT_ONCE

OF_ALLOCATIONS, OF_ORDERS = 1, 2  # the two rounds
BEFORE_ALL, AFTER_ALL = UUID(int=0), UUID(int=2**128 - 1)
_reached = select(rounds.c.reached).where(rounds.c.id == OF_ALLOCATIONS).scalar_subquery()
_page = (
    select(holds.c.order_id)
    .where(holds.c.state == HoldState.ALLOCATED, holds.c.order_id > func.coalesce(_reached, literal(BEFORE_ALL)))
    .order_by(holds.c.order_id)
    .limit(ASKED_AT_ONCE)
)
_needed = holds.c.order_id == any_(bindparam("needed", type_=ARRAY(Uuid())))
_doubt = (
    update(holds)
    .where(holds.c.order_id == any_(bindparam("asked", type_=ARRAY(Uuid()))), holds.c.state == HoldState.ALLOCATED)
    .where(_needed == holds.c.doubted_at.is_not(None))
    .values(doubted_at=case((_needed, None), else_=func.clock_timestamp()))
)
_doubted: Select[UUID, datetime] = (
    select(holds.c.order_id, holds.c.doubted_at)
    .where(holds.c.state == HoldState.ALLOCATED, holds.c.doubted_at < func.clock_timestamp() - BELIEVED_FOR)
    .order_by(holds.c.doubted_at)
)
_to_ship = bindparam("to_ship", type_=ARRAY(Uuid()))
_without = func.unnest(_to_ship).table_valued(column("order_id", Uuid()), name="without").render_derived()


def _kept(order_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return exists().where(holds.c.order_id == order_id, holds.c.state == HoldState.ALLOCATED)


_found_again = (
    delete(missing)
    .where(missing.c.order_id > bindparam("after", type_=Uuid()), missing.c.order_id <= bindparam("last", type_=Uuid()))
    .where(or_(missing.c.order_id != all_(_to_ship), _kept(missing.c.order_id)))
)
_miss = (
    insert(missing)
    .from_select(
        ["order_id", "missed_at"],
        select(_without.c.order_id, func.clock_timestamp()).where(~_kept(_without.c.order_id)),
    )
    .on_conflict_do_nothing()
)
_missed: Select[UUID, datetime] = (
    select(missing.c.order_id, missing.c.missed_at)
    .where(missing.c.missed_at < func.clock_timestamp() - BELIEVED_FOR, ~_kept(missing.c.order_id))
    .order_by(missing.c.missed_at)
)


async def next_page(session: AsyncSession) -> Sequence[UUID]:
    """Return the orders behind the next allocations of this round; none after the last. One statement."""
    return (await session.scalars(_page)).all()


async def note(session: AsyncSession, asked: Sequence[UUID], needed: Collection[UUID]) -> None:
    """Note which of a page's allocations are not needed since when, and where the round goes on. Two statements.

    A doubt keeps its first moment, and goes when the order turns out to need its goods after all.
    """
    if asked:
        await session.execute(_doubt, {"asked": list(asked), "needed": list(needed)})
    await _go_on(session, OF_ALLOCATIONS, asked)


async def reached(session: AsyncSession) -> UUID | None:
    """Return the order at which the last page of orders ended; None where a round begins."""
    return await session.scalar(select(rounds.c.reached).where(rounds.c.id == OF_ORDERS))


async def note_missed(session: AsyncSession, after: UUID | None, to_ship: Sequence[UUID]) -> None:
    """Note which of a page of orders have no goods allocated, since when, and where the round goes on.

    `to_ship`: all orders that need their goods, by id, from the one after `after` to the last of the page.
    """
    last = to_ship[-1] if len(to_ship) == ASKED_AT_ONCE else AFTER_ALL
    page = {"after": after or BEFORE_ALL, "last": last, "to_ship": list(to_ship)}
    await session.execute(_found_again, page)
    await session.execute(_miss, page)
    await _go_on(session, OF_ORDERS, to_ship)


async def missed(session: AsyncSession) -> Sequence[Row[UUID, datetime]]:
    """Return the orders that have long been without their goods, and since when."""
    return (await session.execute(_missed)).all()


async def _go_on(session: AsyncSession, round_: int, page: Sequence[UUID]) -> None:
    row = insert(rounds).values(id=round_, reached=page[-1] if len(page) == ASKED_AT_ONCE else None)
    moved = row.on_conflict_do_update(
        index_elements=["id"],
        set_={"reached": row.excluded.reached},
        where=rounds.c.reached.is_distinct_from(row.excluded.reached),
    )
    await session.execute(moved)


async def doubted(session: AsyncSession) -> Sequence[Row[UUID, datetime]]:
    """Return the allocations that orders has long said it does not need, and since when."""
    return (await session.execute(_doubted)).all()
