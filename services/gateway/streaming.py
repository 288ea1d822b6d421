"""The owners' events as server-sent events: who may read, from where, which, for how long."""

import asyncio
import fnmatch
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starlette.types import Message, Receive, Scope, Send

from services.gateway.door import measures
from shared.contracts.base import Envelope
from shared.kernel.problems import FieldError, Malformed, Problem
from shared.messaging.places import Place
from shared.messaging.reader import Arrival, Start
from shared.messaging.wire import problem_body
from shared.stopping import ended

TICK = 1.0  # seconds until a stream that has nothing to say looks whether it may go on
HEARTBEAT = 15.0  # seconds of silence after which a comment tells proxies and clients that the stream lives
PATIENCE = 30.0  # seconds a client may take to accept what is sent
BUFFERED = 8  # batches that wait for a slow client; after that its readers wait, too
SLACK = timedelta(seconds=5)  # how far behind the last event heard the other producers are read again
MOST_PATTERNS = 20
PATTERN = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_*]+)*\*?|\*")
EVENT_ID = re.compile(r"([a-z][a-z_]*)-(\d{1,18})")
OPENED = b"retry: 2000\n: open\n\n"
ALIVE = b": alive\n\n"
LEAVING = b": this stream ends here; connect again\n\n"
log = logging.getLogger(__name__)
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events before it passes them on
]


class Reader(Protocol):
    """Reads one producer's stream."""

    async def read(self, within: float) -> Sequence[Arrival]:
        """Return what has arrived, or nothing when nothing comes within so many seconds."""
        ...

    async def close(self) -> None:
        """Stop reading."""
        ...


@dataclass(frozen=True)
class Wanted:
    """Which types of events a client wants to hear: names, in which * stands for anything."""

    patterns: tuple[str, ...] = ("*",)

    @classmethod
    def read(cls, types: str) -> "Wanted":
        """Return what `?types=orders.*,agents.commission_earned.v1` wants. Raises Malformed."""
        patterns = tuple(pattern.strip() for pattern in types.split(","))
        if len(patterns) > MOST_PATTERNS or not all(PATTERN.fullmatch(pattern) for pattern in patterns):
            message = f"Name up to {MOST_PATTERNS} types such as orders.order_confirmed.v1 or orders.*, with commas."
            raise Malformed(errors=[FieldError("/types", "TYPES_INVALID", message)])
        return cls(patterns)

    def has(self, kind: str) -> bool:
        """Tell whether a type of events is wanted."""
        return any(fnmatch.fnmatchcase(kind, pattern) for pattern in self.patterns)

    def of(self, producers: Iterable[str]) -> list[str]:
        """Return the producers that may have something wanted."""
        first_words = [pattern.split(".")[0] for pattern in self.patterns]
        return [name for name in producers if any(fnmatch.fnmatchcase(name, word) for word in first_words)]


@dataclass(frozen=True)
class LastHeard:
    """The last event a client has heard, and when it happened, where that is still known."""

    producer: str
    seq: int
    at: datetime | None = None

    @classmethod
    def read(cls, event_id: str) -> "LastHeard":
        """Return what a Last-Event-ID says. Raises Malformed for an id no stream has given out."""
        found = EVENT_ID.fullmatch(event_id)
        if found is None:
            message = "Send the id of the last event you received, such as orders-17, or leave the header out."
            raise Malformed(errors=[FieldError("/Last-Event-ID", "EVENT_ID_INVALID", message)])
        return cls(found[1], int(found[2]))

    def start_of(self, producer: str) -> Start:
        """Return where to read a producer on: its own exactly, another's from a little before that event."""
        if producer == self.producer:
            return Place(seq=self.seq)
        return self.at - SLACK if self.at else "new"


def written(producer: str, arrival: Arrival) -> bytes:
    """Return an event as the lines that are sent."""
    head = f"id: {producer}-{arrival.seq}\nevent: {arrival.type}\ndata: ".encode()
    return head + arrival.body.replace(b"\n", b"\ndata: ") + b"\n\n"


def moment_of(body: bytes) -> datetime | None:
    """Return when an event happened, None where its bytes do not say."""
    with suppress(ValueError):
        return Envelope.read(body).occurred_at
    return None


class EventStream:
    """The answer that does not end by itself: an ASGI response.

    `check` raises the Problem that ends the stream (a token that ended, an account that was closed); `leaving` is set
    when the process stops; `count` is told +1 and -1 as the stream opens and ends.
    """

    def __init__(
        self,
        readers: dict[str, Reader],
        wanted: Wanted,
        check: Callable[[], Awaitable[None]],
        leaving: asyncio.Event,
        count: Callable[[int], None] = lambda change: None,
    ) -> None:
        self.producers = frozenset(readers)
        self._readers, self._wanted, self._check, self._leaving = readers, wanted, check, leaving
        self._count = count
        self._batches: asyncio.Queue[bytes] = asyncio.Queue(BUFFERED)
        self._gone, self._broken = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the client goes, the process leaves, or the caller may hear no more."""
        self._count(+1)
        measures.streams.inc()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._run(receive, send)
        finally:
            measures.streams.dec()
            self._count(-1)

    async def _run(self, receive: Receive, send: Send) -> None:
        tasks = [asyncio.create_task(self._watch(receive))]
        try:
            with suppress(TimeoutError):  # a client that does not take what is sent is left
                # Open is said once every reader has its place: what happens after it is heard.
                begun = await asyncio.gather(*(self._take(name, 0.0) for name in self._readers))
                await self._say(send, OPENED + b"".join(begun))
                tasks += [asyncio.create_task(self._pump(name)) for name in self._readers]
                await self._go_on(send)
        finally:
            await ended(*tasks)
            await asyncio.gather(*(reader.close() for reader in self._readers.values()), return_exceptions=True)

    async def _go_on(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        spoken = loop.time()
        last = LEAVING
        while not (self._gone.is_set() or self._leaving.is_set() or self._broken.is_set()):
            batch = await self._next()
            try:
                await self._check()
            except Problem as problem:
                last = _problem(problem)
                break
            if batch or loop.time() - spoken >= HEARTBEAT:
                await self._say(send, batch or ALIVE)
                spoken = loop.time()
        if not self._gone.is_set():
            await self._say(send, last, more=False)

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(TICK):
                return await self._batches.get()
        except TimeoutError:
            return b""

    async def _pump(self, producer: str) -> None:
        while not self._broken.is_set():
            if batch := await self._take(producer, within=5.0):
                await self._batches.put(batch)

    async def _take(self, producer: str, within: float) -> bytes:
        try:
            arrivals = await self._readers[producer].read(within)
        except Exception:  # the client connects again and goes on behind the last event it heard
            log.exception("the events of %s cannot be streamed", producer)
            self._broken.set()
            return b""
        return b"".join(written(producer, one) for one in arrivals if self._wanted.has(one.type))

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    async def _say(self, send: Send, body: bytes, more: bool = True) -> None:
        message: Message = {"type": "http.response.body", "body": body, "more_body": more}
        async with asyncio.timeout(PATIENCE):
            await send(message)


def _problem(problem: Problem) -> bytes:
    return b"event: problem\ndata: " + problem_body(problem) + b"\n\n"
