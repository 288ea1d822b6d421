"""The pump: what one producer says, handled here once and in order.

How far we have heard is a row of our own, moved together with the effects. The stream brings events fast; where it
falls short, the owner is asked for them (replay). So whatever the broker loses or repeats, nothing is lost or doubled.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker

from shared.messaging import metrics, parked
from shared.messaging.applying import Applied, Applier, CursorMoved, Pace
from shared.messaging.failures import is_contention, is_passing, sentence
from shared.messaging.hearing import Handlers, listening
from shared.messaging.patience import Pauses, finished, nothing
from shared.messaging.reader import Arrival, StreamReader
from shared.messaging.replay import replayed
from shared.messaging.seat import Seat

LIVE = Pace(events=20, seconds=0.05)
CATCHING_UP = Pace(events=200, seconds=0.5)
BEAT_SECONDS = 1.0

BEGIN_CURSOR = "INSERT INTO cursors (producer) VALUES ($1) ON CONFLICT DO NOTHING"
BEAT_OF_LEADER = "SELECT beat FROM cursors WHERE producer = $3"
# A beat that a power cut loses costs nothing, so it does not wait for the disk.
BEAT = """
    WITH hurried AS (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE cursors SET beat = clock_timestamp(), head_seq = $3, seq = $4, stream_seq = $5, stream_epoch = $6
    FROM hurried WHERE producer = $1 AND seq = $2
"""
log = logging.getLogger(__name__)


@dataclass
class PumpStatus:
    """What a pump knows of itself. `trouble`: a sentence while it cannot go on, and then it is not ready."""

    leading: bool = False
    seq: int = 0
    head_seq: int = 0
    trouble: str | None = None


class Pump:
    """Hears one producer for one service; one replica leads. `run` lasts until cancelled and outlives all else.

    `sessions` must be bound to an engine with a connection to spare for each pump (`connections.bus_engine`).
    `emitted` is called after a transaction that left events.
    """

    def __init__(
        self,
        service: str,
        producer: str,
        handlers: Handlers,
        sessions: async_sessionmaker[AsyncSession],
        nc: Client,
        *,
        emitted: Callable[[], None] = nothing,
        first_delay: timedelta = parked.FIRST_DELAY,
    ) -> None:
        self.service, self.producer = service, producer
        self.status = PumpStatus()
        self._heard = listening(handlers)
        self._sessions, self._nc = sessions, nc
        self._emitted = emitted
        self._first_delay = first_delay
        self._seat = f"pump:{producer}"
        self._beaten_at = 0.0

    async def run(self) -> None:
        """Hear the producer whenever no other replica does."""
        metrics.scope.set("pump")
        pauses = Pauses()
        while True:
            try:
                await self._serve(pauses)
            except Exception as error:
                known = is_passing(error) or isinstance(error, CursorMoved) or sentence(error) == self.status.trouble
                if not known:
                    log.exception("the pump of %s stumbled", self.producer)
                self._say(sentence(error))
            await pauses.take()

    async def _serve(self, pauses: Pauses) -> None:
        engine: AsyncEngine = self._sessions.kw["bind"]
        async with engine.connect() as connection:
            try:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute(BEGIN_CURSOR, self.producer)
                self._say(None)
                await Seat(driver, self._seat, BEAT_OF_LEADER, self.producer).wait()
                log.info("this replica hears %s for %s", self.producer, self.service)
                self._lead_here(True)
                await self._lead(connection, driver, pauses)
            finally:
                self._lead_here(False)
                # The seat goes with the connection: back in the pool, it would still be taken.
                await connection.invalidate()

    async def _lead(self, connection: AsyncConnection, driver: Any, pauses: Pauses) -> None:
        applier = Applier(self.service, self.producer, self._heard, self._sessions, connection, self._first_delay)
        await applier.begin()
        reader = StreamReader(self._nc, self.producer, applier.place)
        try:
            while True:
                arrivals = await reader.read(within=BEAT_SECONDS)
                if arrivals:
                    applier.head = arrivals[-1].seq + reader.waiting
                    await self._go_through(arrivals, applier, reader, driver)
                    pauses.reset()
                self._say(reader.trouble, reader.gravity)
                await self._beat(applier, driver)
        finally:
            await reader.close()

    async def _go_through(
        self, arrivals: Sequence[Arrival], applier: Applier, reader: StreamReader, driver: Any
    ) -> None:
        """Apply what arrived. A gap is first looked for in the stream, then asked of the owner."""
        epoch = reader.place.epoch
        while arrivals := [arrival for arrival in arrivals if arrival.seq > applier.place.seq]:
            first = arrivals[0].seq
            if first > applier.place.seq + 1:
                log.warning("%s: %s-%s is missing", self.service, self.producer, applier.place.seq + 1)
                if not reader.from_beginning:
                    return await reader.begin_again(after=applier.place.seq)
                await self._replay(first, applier, driver)
                continue
            pace = LIVE if len(arrivals) + reader.waiting <= CATCHING_UP.events else CATCHING_UP
            await self._apply(applier, _consecutive(arrivals), epoch, pace)
        return None

    async def _replay(self, until: int, applier: Applier, driver: Any) -> None:
        """Ask the owner for everything before `until`."""
        pauses = Pauses()
        while applier.place.seq + 1 < until:
            try:
                arrivals, applier.head = await replayed(self._nc, self.service, self.producer, applier.place.seq + 1)
            except Exception as error:
                # Here rather than in a new term, which would read the whole stream again before it asks again.
                self._say(sentence(error))
                await self._beat(applier, driver)
                await pauses.take()
                continue
            while arrivals := [arrival for arrival in arrivals if arrival.seq > applier.place.seq]:
                await self._apply(applier, arrivals, "", CATCHING_UP)
            self._say(None)
            await self._beat(applier, driver)

    async def _apply(self, applier: Applier, arrivals: Sequence[Arrival], epoch: str, pace: Pace) -> None:
        pauses = Pauses(first=0.01)
        while True:
            try:
                applied = await finished(applier.apply(arrivals, epoch, pace))
            except Exception as error:
                if not is_contention(error):
                    raise
                await pauses.take()
            else:
                return self._after(applied, applier)

    def _after(self, applied: Applied, applier: Applier) -> None:
        if applied.emitted:
            self._emitted()
        self._note(applier)

    def _note(self, applier: Applier) -> None:
        self.status.seq, self.status.head_seq = applier.place.seq, max(applier.head, applier.place.seq)
        metrics.lag.labels(self.service, self.producer).set(self.status.head_seq - self.status.seq)

    async def _beat(self, applier: Applier, driver: Any) -> None:
        """Say that we live, at most once a second, and how far we are past events that nobody here handles."""
        if time.monotonic() - self._beaten_at < BEAT_SECONDS:
            return
        self._beaten_at = time.monotonic()
        self._note(applier)
        place = applier.place
        row = (applier.stored, self.status.head_seq, place.seq, place.stream_seq, place.epoch)
        metrics.count(BEAT)
        if await finished(driver.execute(BEAT, self.producer, *row)) != "UPDATE 1":
            raise CursorMoved(f"the cursor of {self.producer} is not at {applier.stored}")
        applier.stored = place.seq

    def _lead_here(self, leading: bool) -> None:
        self.status.leading = leading
        metrics.leading.labels(self.service, self._seat).set(int(leading))
        metrics.lag.labels(self.service, self.producer).set(0)  # the leader's business alone

    def _say(self, trouble: str | None, level: int = logging.ERROR) -> None:
        if trouble and trouble != self.status.trouble:
            log.log(level, "%s does not hear %s: %s", self.service, self.producer, trouble)
        self.status.trouble = trouble


def _consecutive(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    first = arrivals[0].seq
    for place, arrival in enumerate(arrivals):
        if arrival.seq != first + place:
            return arrivals[:place]
    return arrivals
