"""Events set aside for one handler, with those of the same aggregate that queue behind them in order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from shared.contracts.actor import Actor
from shared.contracts.operations import NotParked, NotTheHead
from shared.kernel import clock
from shared.messaging.hearing import identity
from shared.messaging.reader import Arrival
from shared.messaging.tables import OperatorAct, ParkedEvent

TRIES = 5
FIRST_DELAY = timedelta(seconds=10)
GROWTH = 4  # 10 s, 40 s, 3 min, 11 min, 43 min

Key = tuple[str, int, str]
"""Producer, number, handler."""


def next_try(attempts: int, first_delay: timedelta) -> datetime | None:
    """Return when (UTC) to try again after so many tries in the background; None after the last."""
    return clock.now() + first_delay * GROWTH**attempts if attempts < TRIES else None


async def park(
    session: AsyncSession, producer: str, arrival: Arrival, handler: str, error: str | None, first_delay: timedelta
) -> UUID:
    """Set an event aside for a handler and return its aggregate's id; without an error it queues behind another."""
    whose = identity(producer, arrival.seq, arrival.body)
    row = {
        "producer": producer,
        "seq": arrival.seq,
        "handler": handler,
        "event_id": whose.event_id,
        "type": arrival.type,
        "aggregate_id": whose.aggregate_id,
        "body": arrival.body,
        "error": error,
        "next_try": next_try(0, first_delay) if error else None,
    }
    await session.execute(insert(ParkedEvent).values(row).on_conflict_do_nothing())
    return whose.aggregate_id


async def blocked(session: AsyncSession, producer: str) -> set[tuple[str, UUID]]:
    """Return the handlers and aggregates of a producer that have something parked."""
    rows = await session.execute(
        select(ParkedEvent.handler, ParkedEvent.aggregate_id).where(ParkedEvent.producer == producer).distinct()
    )
    return {(handler, aggregate_id) for handler, aggregate_id in rows}


async def is_blocked(session: AsyncSession, producer: str, handler: str, aggregate_id: UUID) -> bool:
    """Tell whether an aggregate has something parked for a handler, as of now."""
    same = (
        ParkedEvent.producer == producer,
        ParkedEvent.handler == handler,
        ParkedEvent.aggregate_id == aggregate_id,
    )
    return bool(await session.scalar(select(exists().where(*same))))


async def claim(session: AsyncSession) -> ParkedEvent | None:
    """Lock and return an event whose turn it is: due, or without error of its own, and the first of its queue."""
    due = or_(ParkedEvent.error.is_(None), ParkedEvent.next_try <= clock.now())
    query = (
        select(ParkedEvent)
        .where(due, ~_earlier())
        .order_by(ParkedEvent.seq)
        .limit(1)
        .with_for_update(skip_locked=True, of=ParkedEvent)
    )
    return (await session.scalars(query)).one_or_none()


async def listed(session: AsyncSession, producer: str | None, limit: int) -> Sequence[ParkedEvent]:
    """Return what is parked, oldest first."""
    query = select(ParkedEvent).order_by(ParkedEvent.parked_at, ParkedEvent.seq).limit(limit)
    if producer is not None:
        query = query.where(ParkedEvent.producer == producer)
    return (await session.scalars(query)).all()


async def retry(session: AsyncSession, key: Key, actor: Actor, reason: str) -> None:
    """Give an event another series of tries, beginning now. Raises NotParked, or NotTheHead where it queues."""
    await _head(session, key)
    await session.execute(update(ParkedEvent).where(_is(key)).values(attempts=0, next_try=clock.now()))
    _record(session, "retry", key, actor, reason)


async def discard(session: AsyncSession, key: Key, actor: Actor, reason: str) -> None:
    """Give an event up; those behind it have their turn. Raises NotParked, or NotTheHead where it queues."""
    await _head(session, key)
    await session.execute(delete(ParkedEvent).where(_is(key)))
    _record(session, "discard", key, actor, reason)


async def _head(session: AsyncSession, key: Key) -> None:
    if await session.scalar(select(ParkedEvent.seq).where(_is(key)).with_for_update()) is None:
        raise NotParked
    if await session.scalar(select(exists().where(_is(key), _earlier()))):
        raise NotTheHead


def _is(key: Key) -> ColumnElement[bool]:
    producer, seq, handler = key
    return and_(ParkedEvent.producer == producer, ParkedEvent.seq == seq, ParkedEvent.handler == handler)


def _earlier() -> ColumnElement[bool]:
    before = aliased(ParkedEvent)
    return exists().where(
        before.producer == ParkedEvent.producer,
        before.handler == ParkedEvent.handler,
        before.aggregate_id == ParkedEvent.aggregate_id,
        before.seq < ParkedEvent.seq,
    )


def _record(session: AsyncSession, act: str, key: Key, actor: Actor, reason: str) -> None:
    producer, seq, handler = key
    subject = f"{producer}-{seq} for {handler}"
    session.add(OperatorAct(act=act, subject=subject, reason=reason, actor=actor.ref().model_dump(mode="json")))
