"""The relay: what this service has committed to say, said on its stream in order, until the broker has it.

The outbox is the truth and the stream is a copy: whenever there is doubt, the relay looks where the copy ends and goes
on from there, be that backwards. So a broker that lost some or all of it gets it again.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client

from shared.messaging import metrics
from shared.messaging.connections import connect
from shared.messaging.failures import is_passing, sentence
from shared.messaging.jetstream import StreamState, gravity
from shared.messaging.outbox import BATCH, BEAT_OF_LEADER, BEGIN_STATE, SEAT, Outbox
from shared.messaging.patience import Pauses, finished, woken
from shared.messaging.publishing import Duplicate, last_numbered, publish
from shared.messaging.seat import Seat
from shared.messaging.topology import MAX_AGE_DAYS, TopologyDrift, ensure_stream, stream_name

IDLE_SECONDS = 1.0
LOOK_SECONDS = 10.0
PRUNE_SECONDS = 600.0
BROKER_TROUBLE = (nats.errors.Error, TopologyDrift)
log = logging.getLogger(__name__)


class BrokerAhead(Exception):
    """The stream holds events this database does not know: it was restored from a backup, or is another one."""


class Doubt(Exception):
    """The stream is not as we left it."""


@dataclass
class RelayStatus:
    """What the relay knows of itself. `trouble`: a sentence while it cannot publish, and then it is not ready."""

    leading: bool = False
    published_seq: int = 0
    stream_seq: int = 0
    stream_epoch: str = ""
    trouble: str | None = None


class Relay:
    """Publishes the outbox of one service; one replica leads. `run` lasts until cancelled and outlives all else."""

    def __init__(self, service: str, dsn: str, nc: Client) -> None:
        self.service = service
        self.status = RelayStatus()
        self._dsn, self._nc = dsn, nc
        self._wake = asyncio.Event()
        self._pauses = Pauses()  # between terms of office; those within one are apart
        self._again = False
        self._looked_at = self._pruned_at = time.monotonic()

    def nudge(self) -> None:
        """Say that something was committed."""
        self._wake.set()

    async def run(self) -> None:
        """Lead whenever nobody else does."""
        metrics.scope.set("relay")
        while True:
            try:
                await self._serve()
            except Exception as error:
                trouble = f"The database does not answer: {sentence(error)}"
                if not is_passing(error) and trouble != self.status.trouble:
                    log.exception("the relay of %s stumbled", self.service)
                self._say(trouble)
            await self._pauses.take()

    async def _serve(self) -> None:
        connection = await connect(self._dsn, f"{self.service} relay")
        try:
            await connection.execute(BEGIN_STATE)
            self._say(None)
            await Seat(connection, SEAT, BEAT_OF_LEADER).wait()
            log.info("this replica publishes the events of %s", self.service)
            self.status.leading = True
            metrics.leading.labels(self.service, SEAT).set(1)
            outbox = Outbox(connection)
            self.status.published_seq = await outbox.published()
            await self._lead(outbox)
        finally:
            self.status.leading = False
            metrics.leading.labels(self.service, SEAT).set(0)
            connection.terminate()

    async def _lead(self, outbox: Outbox) -> None:
        pauses = Pauses()
        while True:
            try:
                await self._publish_on(outbox, await self._locate(outbox), pauses)
            except Doubt as doubt:
                log.warning("%s: %s; looking where its stream ends", self.service, doubt)
            except Duplicate as duplicate:
                # It remembers for two minutes what a damaged store has lost, or what somebody else put there.
                log.warning("%s: %s; publishing it again", self.service, duplicate)
                self._again = True
            except (*BROKER_TROUBLE, BrokerAhead) as error:
                self._say(sentence(error), gravity(self._nc, error))
                # Pausing longer here keeps a broker that refuses for long from being asked for ever in haste.
                await pauses.take()
            await outbox.beat(self.status.published_seq)

    async def _locate(self, outbox: Outbox) -> int:
        """Find where the stream ends, note it, and return the last number given. Raises BrokerAhead."""
        state = await ensure_stream(self._nc, self.service)
        seq, body = await self._end_of(state, outbox)
        last_seq, same = await outbox.compare(seq, body)
        if seq > last_seq or same is False:
            raise BrokerAhead(
                f"The stream of {self.service} ends with event {seq}, which this database (at {last_seq}) does not "
                "know. Was it restored from a backup? Bring back the newer database, or delete the stream and let "
                "every listener rebuild."
            )
        if seq < self.status.published_seq:
            log.warning("%s: the broker lost events %s to %s", self.service, seq + 1, self.status.published_seq)
        self.status.published_seq, self.status.stream_seq = seq, state.last_seq
        self.status.stream_epoch = state.created
        return last_seq

    async def _end_of(self, state: StreamState, outbox: Outbox) -> tuple[int, bytes | None]:
        if state.last_seq == 0:
            return 0, None
        found = await last_numbered(self._nc, state, stream_name(self.service), self.status.published_seq)
        return found or (await outbox.before_younger_than(MAX_AGE_DAYS), None)

    async def _publish_on(self, outbox: Outbox, last_seq: int, pauses: Pauses) -> None:
        """Publish until there is doubt."""
        while True:
            self._wake.clear()
            sent = await finished(self._step(outbox, last_seq))
            pauses.reset()
            self._pauses.reset()
            self._say(None)
            metrics.published.labels(self.service).set(self.status.published_seq)
            if sent < BATCH and self.status.published_seq >= last_seq:
                woken = await self._woken()
                if not woken or time.monotonic() - self._looked_at > LOOK_SECONDS:
                    await self._look_after(outbox)

    async def _step(self, outbox: Outbox, last_seq: int) -> int:
        """Publish one batch and return its size: what was numbered before and is unsent, else what is new."""
        published = self.status.published_seq
        behind = published < last_seq
        unsent = await (outbox.unsent(published) if behind else outbox.number(published))
        if not unsent:
            # Behind, yet nothing left to send: all of it was pruned, after 30 days.
            self.status.published_seq = max(published, last_seq)
            return 0
        self.status.stream_seq = await publish(self._nc, self.service, unsent, self.status.stream_seq, self._again)
        self.status.published_seq = unsent[-1].seq
        self._again = False
        return len(unsent)

    async def _woken(self) -> bool:
        return await woken(self._wake, IDLE_SECONDS)

    async def _look_after(self, outbox: Outbox) -> None:
        """Beat, and see without any traffic whether the broker still has what it confirmed. Raises Doubt."""
        self._again = False
        self._looked_at = time.monotonic()
        await outbox.beat(self.status.published_seq)
        if time.monotonic() - self._pruned_at > PRUNE_SECONDS:
            more = await outbox.prune(self.status.published_seq)
            self._pruned_at = self._pruned_at if more else time.monotonic()
        state = await ensure_stream(self._nc, self.service)
        metrics.stream_filled.labels(self.service).set(state.size / state.config["max_bytes"])
        if (state.created, state.last_seq) != (self.status.stream_epoch, self.status.stream_seq):
            raise Doubt(f"the stream ends at {state.last_seq}, not at {self.status.stream_seq}")

    def _say(self, trouble: str | None, level: int = logging.ERROR) -> None:
        if trouble and trouble != self.status.trouble:
            log.log(level, "the relay of %s is in trouble: %s", self.service, trouble)
        self.status.trouble = trouble
