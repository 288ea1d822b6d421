"""Allocations: goods kept for orders that stand, and which of them orders says it does not need."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, any_, bindparam, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.holds import BELIEVED_FOR, HoldState
from services.catalog.repository.tables import allocation_rounds as rounds
from services.catalog.repository.tables import holds
from shared.contracts.orders.standing import ASKED_AT_ONCE

ROUND = 1  # there is one row
BEFORE_ALL = UUID(int=0)
_reached = select(rounds.c.reached).where(rounds.c.id == ROUND).scalar_subquery()
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


async def next_page(session: AsyncSession) -> Sequence[UUID]:
    """Return the orders behind the next allocations of this round; none after the last. One statement."""
    return (await session.scalars(_page)).all()


async def note(session: AsyncSession, asked: Sequence[UUID], needed: Collection[UUID]) -> None:
    """Note which of a page's allocations are not needed since when, and where the round goes on. Two statements.

    A doubt keeps its first moment, and goes when the order turns out to need its goods after all.
    """
    if asked:
        await session.execute(_doubt, {"asked": list(asked), "needed": list(needed)})
    reached = asked[-1] if len(asked) == ASKED_AT_ONCE else None
    row = insert(rounds).values(id=ROUND, reached=reached)
    moved = row.on_conflict_do_update(
        index_elements=["id"],
        set_={"reached": row.excluded.reached},
        where=rounds.c.reached.is_distinct_from(row.excluded.reached),
    )
    await session.execute(moved)


async def doubted(session: AsyncSession) -> Sequence[Row[UUID, datetime]]:
    """Return the allocations that orders has long said it does not need, and since when."""
    return (await session.execute(_doubted)).all()
