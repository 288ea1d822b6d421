"""Reading a producer's stream: in order, from a place, for ever.

Nothing of it is kept by the broker: an ephemeral consumer without acknowledgements that is made anew whenever it falls
silent, and a place that the reader itself knows. Whoever must not miss anything keeps that place in a database (pump).
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from shared.messaging.jetstream import (
    API,
    NO_STREAM,
    JetStreamError,
    NotConnected,
    call,
    gravity,
    need_connection,
    read_seq,
    stored,
    stream_state,
)
from shared.messaging.patience import Pauses, heed_stop, woken
from shared.messaging.places import Place, find
from shared.messaging.topology import SECOND, stream_name

CREDIT = 200
EXPIRES_SECONDS = 5
HEARTBEAT_SECONDS = 1
SILENCE_SECONDS = 3.0
INACTIVE_SECONDS = 30
MORE = json.dumps(
    {"batch": CREDIT, "expires": EXPIRES_SECONDS * SECOND, "idle_heartbeat": HEARTBEAT_SECONDS * SECOND}
).encode()
HEARTBEAT, NOTHING_NOW = "100", ("404", "408")

Start = Place | datetime | Literal["new"]


class Lost(NatsError):
    """The consumer is gone or fell silent."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came: its producer's number, its place in the stream, its type and bytes."""

    seq: int
    stream_seq: int
    type: str
    body: bytes
    headers: Mapping[str, str]


class StreamReader:
    """Yields a producer's events in stream order, each number once, and heals by itself.

    `start`: behind a Place, from a moment (UTC), or only what is new. `trouble` is a sentence while it cannot read,
    and `gravity` how a log takes it; `waiting`: how many messages the stream held behind the last one read. Gaps are
    passed on: the caller knows what it wants to do about them.
    """

    def __init__(self, nc: Client, producer: str, start: Start) -> None:
        self._nc, self._stream = nc, stream_name(producer)
        self._start: Start = start
        self._window: _Window | None = None
        self._pauses = Pauses()
        self.place = start if isinstance(start, Place) else Place()
        self.from_beginning = False
        self.waiting = 0
        self.trouble: str | None = None
        self.gravity = logging.ERROR

    async def read(self, within: float) -> Sequence[Arrival]:
        """Return what has arrived, at most some hundred; nothing when nothing comes within so many seconds."""
        deadline = time.monotonic() + within
        while True:
            heed_stop()
            try:
                window = self._window or await self._open()
                arrivals = self._place_by(await window.take(deadline))
                self.trouble = None
                self._pauses.reset()
                if arrivals or time.monotonic() >= deadline:
                    return arrivals
            except NatsError as error:
                self.trouble = f"{self._stream} cannot be read: {_cause(error)}"
                self.gravity = gravity(self._nc, error)
                await self.close()
                await self._pauses.take()
                if time.monotonic() >= deadline:
                    return ()

    async def batches(self) -> AsyncIterator[Sequence[Arrival]]:
        """Yield what arrives, for ever."""
        while True:
            if arrivals := await self.read(within=EXPIRES_SECONDS):
                yield arrivals

    async def begin_again(self, after: int) -> None:
        """Read the stream from its beginning, passing over numbers up to `after`."""
        await self.close()
        self._start = self.place = Place(seq=after, whole=True)

    async def close(self) -> None:
        """Stop reading; the broker drops the consumer by itself."""
        window, self._window = self._window, None
        if window is not None:
            await window.close()

    async def _open(self) -> "_Window":
        need_connection(self._nc)
        state = await stream_state(self._nc, self._stream)
        if self._start == "new":
            last = await stored(self._nc, self._stream, state.last_seq) if state.messages else None
            self._start = self.place = Place(state.created, state.last_seq, (last and last.seq) or 0)
        if isinstance(self._start, datetime):
            policy: dict[str, Any] = {"deliver_policy": "by_start_time", "opt_start_time": self._start.isoformat()}
        else:
            begin = await find(self._nc, self._stream, state, self._start)
            self.from_beginning = begin <= max(state.first_seq, 1)
            policy = {"deliver_policy": "by_start_sequence", "opt_start_seq": begin}
        self.place = Place(state.created, self.place.stream_seq, self.place.seq)
        self._window = await _Window.open(self._nc, self._stream, policy)
        return self._window

    def _place_by(self, messages: Sequence[Msg]) -> Sequence[Arrival]:
        arrivals = []
        for message in messages:
            # $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>
            tokens = message.reply.split(".")
            stream_seq, self.waiting = int(tokens[5]), int(tokens[8])
            seq = read_seq(message.headers)
            # A message without a number was not written by the owner's relay; an old number was heard before.
            if seq is not None and seq > self.place.seq:
                self.place = Place(self.place.epoch, stream_seq, seq)
                kind = message.subject.partition(".")[2]
                arrivals.append(Arrival(seq, stream_seq, kind, message.data, message.headers or {}))
        if arrivals:
            self._start = self.place
        return arrivals


def _cause(error: Exception) -> str:
    absent = isinstance(error, JetStreamError) and error.code == NO_STREAM
    return "its owner has not made it yet" if absent else f"{type(error).__name__} {error}"


class _Window:
    """One consumer with a window of credit kept open, so that the broker sends an event as soon as there is one."""

    def __init__(self, nc: Client, stream: str, consumer: str, inbox: str) -> None:
        self._nc, self._inbox = nc, inbox
        self._next = f"{API}.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._received: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._credit = 0
        self._heard = time.monotonic()
        self._reconnects = nc.stats["reconnects"]
        self._ended: str | None = None
        self._subscription: Subscription | None = None

    @classmethod
    async def open(cls, nc: Client, stream: str, policy: Mapping[str, Any]) -> "_Window":
        config = {
            "ack_policy": "none",
            "replay_policy": "instant",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": INACTIVE_SECONDS * SECOND,
            **policy,
        }
        made = await call(nc, f"CONSUMER.CREATE.{stream}", {"stream_name": stream, "config": config})
        window = cls(nc, stream, made["name"], nc.new_inbox())
        window._subscription = await nc.subscribe(window._inbox, cb=window._receive)
        return window

    async def take(self, deadline: float) -> Sequence[Msg]:
        """Return what has arrived, nothing after the deadline (monotonic seconds). Raises Lost or NotConnected."""
        while True:
            await self._keep_credit()
            if self._received:
                taken = list(self._received)
                self._received.clear()
                return taken
            if (left := deadline - time.monotonic()) <= 0:
                return ()
            self._arrived.clear()
            if not await woken(self._arrived, min(left, 0.5)):
                self._check()

    async def close(self) -> None:
        if self._subscription is not None and not self._nc.is_closed:
            await self._subscription.unsubscribe()

    async def _receive(self, message: Msg) -> None:
        self._heard = time.monotonic()
        headers = message.headers or {}
        status = headers.get("Status")
        if message.reply:  # only what is stored has an address to acknowledge to
            self._credit -= 1
            self._received.append(message)
        elif status in NOTHING_NOW:  # one request has expired
            self._credit -= int(headers.get("Nats-Pending-Messages", CREDIT))
        elif status != HEARTBEAT:
            self._ended = f"{status} {headers.get('Description', '')}"
        self._arrived.set()

    async def _keep_credit(self) -> None:
        self._check()
        if self._credit + len(self._received) < CREDIT // 2:
            self._credit = max(self._credit, 0) + CREDIT
            self._heard = time.monotonic()
            await self._nc.publish(self._next, MORE, reply=self._inbox)

    def _check(self) -> None:
        # The broker's memory of us does not outlive it, nor does a request sent into a lost connection.
        if self._nc.stats["reconnects"] != self._reconnects:
            raise NotConnected("the broker was reconnected")
        if self._ended:
            raise Lost(self._ended)
        need_connection(self._nc)
        if time.monotonic() - self._heard > SILENCE_SECONDS and self._credit > 0:
            raise Lost(f"silence for {SILENCE_SECONDS:.0f} s")
