"""Holds: claimed once per order, allocated or released once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Row, String, Uuid, any_, bindparam, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.dealings import Dealing
from services.catalog.domain.holds import HOLD_FOR, OVERDUE, HoldState
from services.catalog.domain.stock import Taken
from services.catalog.models import Hold, HoldLine
from services.catalog.repository import dealings, stock
from services.catalog.repository.stock import WANTED
from services.catalog.repository.tables import hold_lines as lines
from services.catalog.repository.tables import holds

SWEPT_AT_ONCE = 500
_order_id = bindparam("order_id", type_=Uuid())


class Held(NamedTuple):
    """What is kept of an order's hold: the request it answered, by digest, and the answer."""

    state: HoldState
    holder: str | None
    digest: bytes | None
    quote: list[Any] | None
    expires_at: datetime


class Claim(NamedTuple):
    """What is to be kept of a hold that is being made."""

    order_id: UUID
    holder: str
    digest: bytes
    quote: list[Any]


_held = [holds.c[name].label(f"hold_{name}" if name == "state" else name) for name in Held._fields]
_dealing_and_hold = dealings.READ.add_columns(*_held).outerjoin(holds, holds.c.order_id == _order_id)
_find = select(*_held).where(holds.c.order_id == _order_id)
_claimed = (
    insert(holds)
    .values(
        order_id=_order_id,
        state=HoldState.HELD,
        holder=bindparam("holder", type_=String()),
        digest=bindparam("digest", type_=LargeBinary()),
        quote=bindparam("quote", type_=JSONB()),
        expires_at=func.clock_timestamp() + HOLD_FOR,
    )
    .on_conflict_do_nothing(index_elements=["order_id"])
    .returning(holds.c.order_id, holds.c.expires_at)
    .cte("claimed")
)
_lines = (
    insert(lines)
    .from_select(
        ["order_id", "variant_id", "quantity"],
        select(_claimed.c.order_id, WANTED.c.variant_id, WANTED.c.quantity).join(WANTED, true()),
        include_defaults=False,
    )
    .cte("lines")
)
_claim = select(_claimed.c.expires_at).add_cte(_lines)
_allocate = (
    update(holds)
    .where(holds.c.order_id == any_(bindparam("order_ids", type_=ARRAY(Uuid()))), holds.c.state == HoldState.HELD)
    .values(state=HoldState.ALLOCATED, order_version=bindparam("version", type_=BigInteger()))
    .returning(holds.c.order_id)
)
_release = (
    update(holds)
    .where(holds.c.order_id == any_(bindparam("order_ids", type_=ARRAY(Uuid()))), holds.c.state == HoldState.HELD)
    .values(state=HoldState.RELEASED)
    .returning(holds.c.order_id)
)


async def dealing_and_hold(
    session: AsyncSession, customer_id: UUID, seller_id: UUID | None, order_id: UUID
) -> tuple[Dealing, Held | None]:
    """Return what is known of the buyer and the seller, and the hold this order may have already. One statement."""
    given = {"customer_id": customer_id, "seller_id": seller_id, "order_id": order_id}
    row = (await session.execute(_dealing_and_hold, given)).one()
    return dealings.dealing(row), _as_held(row)


async def find(session: AsyncSession, order_id: UUID) -> Held | None:
    """Return the hold of an order, if it has one."""
    row = (await session.execute(_find, {"order_id": order_id})).one_or_none()
    return None if row is None else _as_held(row)


def _as_held(row: Row[Any]) -> Held | None:
    if row.hold_state is None:
        return None
    return Held(row.hold_state, row.holder, row.digest, row.quote, row.expires_at)


async def claim(session: AsyncSession, claim: Claim, wanted: dict[UUID, Decimal]) -> datetime | None:
    """Insert an order's hold and its lines, and return when it ends; None where the order has one. One statement."""
    given = {**claim._asdict(), "variant_ids": list(wanted), "quantities": list(wanted.values())}
    ends: datetime | None = await session.scalar(_claim, given)
    return ends


async def leave_tombstone(session: AsyncSession, order_id: UUID, holder: str | None, order_version: int = 0) -> bool:
    """Insert a released hold for an order that has none, and tell whether that was so.

    Waits for a hold of the same order that is being made, so that afterwards it is seen.
    """
    row = {"order_id": order_id, "state": HoldState.RELEASED, "holder": holder, "order_version": order_version}
    statement = insert(holds).values(row).on_conflict_do_nothing(index_elements=["order_id"])
    return await session.scalar(statement.returning(holds.c.order_id)) is not None


async def release(session: AsyncSession, order_ids: Collection[UUID]) -> list[UUID]:
    """Give back what these orders hold and have not been allocated; return those it was so for. Two statements."""
    released = list(await session.scalars(_release, {"order_ids": list(order_ids)}))
    if released:
        await stock.give_back(session, released)
    return released


async def allocate(session: AsyncSession, order_ids: Collection[UUID], version: int = 0) -> list[UUID]:
    """Keep for good what these orders hold; return those it was so for. One statement."""
    return list(await session.scalars(_allocate, {"order_ids": list(order_ids), "version": version}))


async def locked(session: AsyncSession, order_id: UUID) -> Hold | None:
    """Return an order's hold, locked."""
    statement = select(Hold).where(Hold.order_id == order_id).with_for_update()
    return await session.scalar(statement, execution_options={"populate_existing": True})


async def replace_lines(session: AsyncSession, order_id: UUID, taken: Iterable[Taken]) -> None:
    """Record what an order takes, and lacks, in place of what it held before."""
    await session.execute(delete(HoldLine).where(HoldLine.order_id == order_id))
    session.add_all(
        HoldLine(order_id=order_id, variant_id=part.variant_id, quantity=part.quantity, short=part.short)
        for part in taken
    )


async def to_sweep(session: AsyncSession) -> Sequence[UUID]:
    """Return orders whose hold has passed its end, the longest past first."""
    ended = select(Hold.order_id).where(Hold.state == HoldState.HELD, Hold.expires_at < func.clock_timestamp())
    return (await session.scalars(ended.order_by(Hold.expires_at).limit(SWEPT_AT_ONCE))).all()


async def overdue(session: AsyncSession) -> Sequence[UUID]:
    """Return orders whose hold should have been swept long ago."""
    late = Hold.expires_at < func.clock_timestamp() - OVERDUE
    return (await session.scalars(select(Hold.order_id).where(Hold.state == HoldState.HELD, late))).all()
