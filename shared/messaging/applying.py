"""Applying a producer's events in order: their effects and the cursor in one transaction.

The connection is the one that holds the pump's seat, so nobody else applies this producer's events meanwhile; the
cursor moves only from where we read it, which also holds against anyone who moved it by hand.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker

from shared.messaging import metrics, parked
from shared.messaging.failures import is_passing, sentence
from shared.messaging.handler import Handler
from shared.messaging.handling import handle, handle_alone
from shared.messaging.hearing import Listening, identity
from shared.messaging.places import Place
from shared.messaging.reader import Arrival
from shared.messaging.tables import Cursor
from shared.messaging.work import UnitOfWork

cursors = cast(Table, Cursor.__table__)
READ = select(cursors.c.stream_epoch, cursors.c.stream_seq, cursors.c.seq).where(
    cursors.c.producer == bindparam("of_producer")
)
MOVE = (
    update(cursors)
    .where(cursors.c.producer == bindparam("of_producer"), cursors.c.seq == bindparam("from_seq"))
    .values(
        seq=bindparam("to_seq"),
        head_seq=bindparam("to_head"),
        stream_seq=bindparam("to_stream_seq"),
        stream_epoch=bindparam("to_epoch"),
        updated_at=func.clock_timestamp(),
        beat=func.clock_timestamp(),
    )
)
log = logging.getLogger(__name__)


class CursorMoved(Exception):
    """The cursor is not where this pump left it: somebody else moved it, so nothing was applied."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much one transaction takes at most: events that have a handler, and seconds."""

    events: int
    seconds: float


@dataclass
class Applied:
    """What a transaction left: how many arrivals are behind us, and whether there is something to publish."""

    arrivals: int = 0
    handled: int = 0
    emitted: bool = False

    def note(self, work: UnitOfWork) -> None:
        """Take in what one handler left."""
        self.emitted = self.emitted or bool(work.emitted)


@dataclass
class Applier:
    """One producer's events and one service's handlers. `place` is how far we are, `stored` how far the cursor says."""

    service: str
    producer: str
    heard: Mapping[str, Listening]
    sessions: async_sessionmaker[AsyncSession]
    connection: AsyncConnection
    first_delay: timedelta
    place: Place = field(default_factory=Place)
    stored: int = 0
    head: int = 0
    blocked: set[tuple[str, UUID]] = field(default_factory=set)

    async def begin(self) -> None:
        """Read where the cursor stands and what is parked."""
        async with self.sessions(bind=self.connection) as session:
            row = (await session.execute(READ, {"of_producer": self.producer})).one()
            self.place, self.stored = Place(*row), row.seq
            self.blocked = await parked.blocked(session, self.producer)

    async def apply(self, arrivals: Sequence[Arrival], epoch: str, pace: Pace) -> Applied:
        """Apply a beginning of these consecutive events, which come right behind our place.

        A failure that passes by itself is raised and nothing is applied; any other one parks its event.
        """
        chunk = self._chunk(arrivals, pace.events)
        if not any(arrival.type in self.heard for arrival in chunk):
            # Nothing to do, so nothing to write: the cursor catches up with the next effects or the next beat.
            self._advance(chunk[-1], epoch)
            return Applied(len(chunk))
        until = time.monotonic() + pace.seconds
        try:
            return await self._transaction(chunk, epoch, until, alone=False)
        except Exception as error:
            if is_passing(error) or isinstance(error, CursorMoved):
                raise
            log.warning("%s: a batch of %s failed, one by one now: %s", self.service, self.producer, sentence(error))
        return await self._transaction(chunk, epoch, until, alone=True)

    def _chunk(self, arrivals: Sequence[Arrival], events: int) -> Sequence[Arrival]:
        for place, arrival in enumerate(arrivals):
            if arrival.type in self.heard:
                if events == 0:
                    return arrivals[:place]
                events -= 1
        return arrivals

    async def _transaction(self, chunk: Sequence[Arrival], epoch: str, until: float, alone: bool) -> Applied:
        applied = Applied()
        await self.connection.rollback()  # a COMMIT that was refused leaves something open
        async with self.sessions(bind=self.connection) as session:
            for arrival in chunk:
                if arrival.type in self.heard:
                    await self._one(session, arrival, applied, alone)
                    applied.handled += 1
                applied.arrivals += 1
                if time.monotonic() > until:
                    break
            last = chunk[applied.arrivals - 1]
            await self._move(session, last, epoch)
            await session.commit()
        self._advance(last, epoch)
        self.stored = last.seq
        metrics.applied.labels(self.service, self.producer).inc(applied.handled)
        metrics.batches.labels(self.service, self.producer).inc()
        return applied

    async def _one(self, session: AsyncSession, arrival: Arrival, applied: Applied, alone: bool) -> None:
        listening = self.heard[arrival.type]
        for name, function in listening.handlers.items():
            if alone:
                await self._try_twice(session, arrival, name, function, applied)
            elif not await self._queued(session, arrival, name):
                heard = listening.read(arrival.body, arrival.headers.get("traceparent"))
                applied.note(await handle(session, self.service, function, heard))

    async def _try_twice(
        self, session: AsyncSession, arrival: Arrival, name: str, function: Handler, applied: Applied
    ) -> None:
        if await self._queued(session, arrival, name):
            return
        for last in (False, True):
            try:
                heard = self.heard[arrival.type].read(arrival.body, arrival.headers.get("traceparent"))
                applied.note(await handle_alone(session, self.service, function, heard))
                break
            except Exception as error:
                if is_passing(error):
                    raise
                if last:
                    log.exception("%s parks %s-%s for %s", self.service, self.producer, arrival.seq, name)
                    await self._park(session, arrival, name, sentence(error))

    async def _queued(self, session: AsyncSession, arrival: Arrival, name: str) -> bool:
        """Queue an event behind a parked one of its aggregate, where there is one."""
        if not self.blocked:
            return False
        aggregate_id = identity(self.producer, arrival.seq, arrival.body).aggregate_id
        if (name, aggregate_id) not in self.blocked:
            return False
        # Only we park, so what is not blocked in memory is not blocked; but others take parked events off.
        if not await parked.is_blocked(session, self.producer, name, aggregate_id):
            self.blocked.discard((name, aggregate_id))
            return False
        await self._park(session, arrival, name, None)
        return True

    async def _park(self, session: AsyncSession, arrival: Arrival, name: str, error: str | None) -> None:
        # Should this transaction fail, the set holds too much, which the next look at the table corrects.
        self.blocked.add((name, await parked.park(session, self.producer, arrival, name, error, self.first_delay)))

    async def _move(self, session: AsyncSession, last: Arrival, epoch: str) -> None:
        moved: CursorResult[Any] = await (await session.connection()).execute(
            MOVE,
            {
                "of_producer": self.producer,
                "from_seq": self.stored,
                "to_seq": last.seq,
                "to_head": max(self.head, last.seq),
                "to_stream_seq": last.stream_seq,
                "to_epoch": epoch,
            },
        )
        if moved.rowcount != 1:
            raise CursorMoved(f"the cursor of {self.producer} is not at {self.stored}")

    def _advance(self, last: Arrival, epoch: str) -> None:
        self.place = Place(epoch, last.stream_seq, last.seq)
