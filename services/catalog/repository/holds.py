"""Holds: claimed once per order, allocated or released once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Row,
    String,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.allocations import Need
from services.catalog.domain.dealings import Dealing
from services.catalog.domain.holds import HOLD_FOR, OVERDUE, TAKING, HoldState
from services.catalog.domain.stock import Taken
from services.catalog.models import Hold, HoldLine
from services.catalog.repository import dealings
from services.catalog.repository.dealings import Asked
from services.catalog.repository.stock import WANTED
from services.catalog.repository.tables import hold_lines as lines
from services.catalog.repository.tables import holds, stocks
from shared.database.columns import Choice

SWEPT_AT_ONCE = 500
_order_id = bindparam("order_id", type_=Uuid())


class Held(NamedTuple):
    """What is kept of an order's hold: the request it answered, by digest, and the answer.

    `quote` has its lines and its surcharge; of a hold made before there were surcharges it is the list of the lines.
    """

    state: HoldState
    holder: str | None
    digest: bytes | None
    quote: dict[str, Any] | list[Any] | None
    expires_at: datetime


class Claim(NamedTuple):
    """What is to be kept of a hold that is being made."""

    order_id: UUID
    holder: str
    customer_id: UUID
    digest: bytes
    quote: dict[str, Any]


_held = [holds.c[name].label(f"hold_{name}" if name == "state" else name) for name in Held._fields]
_dealing_and_hold = text(
    dealings.statement(
        ", holds.state AS hold_state, holds.holder, holds.digest, holds.quote, holds.expires_at",
        "LEFT JOIN holds ON holds.order_id = CAST(:order_id AS uuid)",
    )
).columns(quote=JSONB, hold_state=Choice(HoldState))
_find = select(*_held).where(holds.c.order_id == _order_id)
_claimed = (
    insert(holds)
    .values(
        order_id=_order_id,
        state=HoldState.HELD,
        holder=bindparam("holder", type_=String()),
        customer_id=bindparam("customer_id", type_=Uuid()),
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
    .returning(holds.c.order_id, holds.c.created_at)
    .cte("allocated")
)
_allocate_lines = (
    select(lines.c.order_id, lines.c.variant_id, lines.c.quantity, lines.c.short)
    .join(_allocate, _allocate.c.order_id == lines.c.order_id)
    .join(stocks, stocks.c.variant_id == lines.c.variant_id)
    .order_by(lines.c.variant_id, _allocate.c.created_at, lines.c.order_id)
    # Others may promise of the same goods meanwhile, yet none may come or go.
    .with_for_update(read=True, key_share=True, of=stocks)
)
_release = (
    update(holds)
    .where(holds.c.order_id == any_(bindparam("order_ids", type_=ARRAY(Uuid()))), holds.c.state == HoldState.HELD)
    .values(state=HoldState.RELEASED)
    .returning(holds.c.order_id)
)


async def dealing_and_hold(session: AsyncSession, asked: Asked, order_id: UUID) -> tuple[Dealing, Held | None]:
    """Return what is known of the buyer and the seller, and the hold this order may have already. One statement."""
    row = (await session.execute(_dealing_and_hold, {**asked.given(), "order_id": order_id})).one()
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
    """Release the holds of these orders that have not been allocated; return those it was so for. One statement.

    What they took is still promised to them until it is given back.
    """
    return list(await session.scalars(_release, {"order_ids": list(order_ids)}))


async def allocate(session: AsyncSession, order_ids: Collection[UUID], version: int = 0) -> list[Need]:
    """Keep for good what these orders hold; return what that is, the oldest orders first. One statement.

    No warehouse keeps anything for them yet, and no goods of theirs come or go until the transaction ends.
    """
    rows = await session.execute(_allocate_lines, {"order_ids": list(order_ids), "version": version})
    return [Need(*row) for row in rows]


async def taken_since(
    session: AsyncSession, customer_id: UUID, variant_ids: Collection[UUID], since: datetime
) -> dict[UUID, Decimal]:
    """Return how many of some variants a customer's orders have taken since a moment (UTC). One statement.

    Counts what is held and allocated, and what an order that stands still lacks; a released order counts nothing.
    """
    statement = (
        select(lines.c.variant_id, func.sum(lines.c.quantity + lines.c.short))
        .join(holds, holds.c.order_id == lines.c.order_id)
        .where(holds.c.customer_id == customer_id, holds.c.created_at >= since, holds.c.state.in_(TAKING))
        .where(lines.c.variant_id.in_(variant_ids))
        .group_by(lines.c.variant_id)
    )
    found = await session.execute(statement)
    return dict(iter(found))


async def locked(session: AsyncSession, order_id: UUID) -> Hold | None:
    """Return an order's hold, locked.

    Rows may still come to refer to it: whoever gives its order goods is waited for where the stock is locked.
    """
    statement = select(Hold).where(Hold.order_id == order_id).with_for_update(key_share=True)
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
