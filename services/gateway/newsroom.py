"""Who may read the stream of events, and from where: what stands between /v1/events and the owners' streams."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from nats.aio.client import Client
from nats.errors import Error as NatsError

from services.gateway.streaming import EventStream, LastHeard, Reader, Wanted, moment_of
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.registry import owners
from shared.kernel.problems import FieldError, Forbidden, Malformed, Unauthorized, Unavailable
from shared.messaging.callers import Callers
from shared.messaging.closures import watch_closures
from shared.messaging.jetstream import stored, stream_state
from shared.messaging.places import Place, find
from shared.messaging.reader import Start, StreamReader
from shared.messaging.topology import stream_name
from shared.stopping import ended

# Whoever may not read a service's lists may not hear its events either: they tell the same.
READ_OF = {
    "agents": Permission.COMMISSIONS_READ,
    "catalog": Permission.CATALOG_READ,
    "customers": Permission.CUSTOMERS_READ,
    "identity": Permission.ACCOUNTS_READ,
    "notifications": Permission.MAILS_READ,
    "orders": Permission.ORDERS_READ,
}
log = logging.getLogger(__name__)


class Newsroom:
    """Opens event streams for those who hold events:read, of the services whose data they may read.

    `limit`: how many at once, 0 for any number.
    """

    def __init__(self, nc: Client, callers: Callers, limit: int) -> None:
        self.leaving = asyncio.Event()
        self.producers = owners()
        self._nc, self._callers, self._limit = nc, callers, limit
        self._open = 0

    async def stream(self, token: str | None, wanted: Wanted, last_event_id: str | None) -> EventStream:
        """Return the stream a caller asked for. Raises Unauthorized, Forbidden, Malformed or Unavailable."""
        actor = await self._hearer(token)
        heard = [name for name in wanted.of(self.producers) if actor.may(READ_OF[name])]
        if not heard:
            raise Forbidden("Your roles let you hear none of these events; ask an administrator for it.")
        last = self._known(LastHeard.read(last_event_id)) if last_event_id else None
        if not self._nc.is_connected or self.leaving.is_set():
            raise Unavailable("The events cannot be read right now; try again in a moment.")
        if 0 < self._limit <= self._open:
            raise Unavailable(f"All {self._limit} event streams of this replica are taken; try again in a moment.")
        if last:
            last = await self._dated(last)
        readers = {name: self._reader(name, last.start_of(name) if last else "new") for name in heard}
        return EventStream(readers, wanted, lambda: self.check(token, heard), self.leaving, self._count)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hear which accounts are closed, for as long as the process runs."""
        watching = asyncio.create_task(watch_closures(self._nc, self._callers))
        watching.add_done_callback(self._blind)
        try:
            yield
        finally:
            await ended(watching)

    def _blind(self, watching: asyncio.Task[None]) -> None:
        if not watching.cancelled():
            # It outlives every fault it knows: what ends it is a bug, and a fresh start the remedy.
            log.critical("closed accounts are no longer heard of", exc_info=watching.exception())
            os.kill(os.getpid(), signal.SIGTERM)

    async def check(self, token: str | None, heard: Collection[str]) -> None:
        """Raise what keeps a caller from hearing these producers now: Unauthorized or Forbidden, or Unavailable."""
        actor = await self._hearer(token)
        for name in heard:
            if not actor.may(READ_OF[name]):
                raise Forbidden(f"Your roles no longer include {READ_OF[name]}.", permission=READ_OF[name])

    async def _hearer(self, token: str | None) -> Actor:
        actor = await self._callers.actor(token)
        if actor.type is ActorType.VISITOR:
            raise Unauthorized
        if not actor.may(Permission.EVENTS_READ):
            raise Forbidden(
                "Your roles do not include events:read; ask an administrator for it.", permission=Permission.EVENTS_READ
            )
        return actor

    def _count(self, change: int) -> None:
        self._open += change

    def _known(self, last: LastHeard) -> LastHeard:
        if last.producer not in self.producers:
            message = f"No service is called {last.producer}; send the id of the last event you received."
            raise Malformed(errors=[FieldError("/Last-Event-ID", "EVENT_ID_INVALID", message)])
        return last

    async def _dated(self, last: LastHeard) -> LastHeard:
        """Return the event with the moment it happened, from which the other producers are read again."""
        stream = stream_name(last.producer)
        with suppress(NatsError, OSError):
            after = await find(self._nc, stream, await stream_state(self._nc, stream), Place(seq=last.seq))
            found = await stored(self._nc, stream, after - 1)
            if found and found.seq == last.seq:
                return LastHeard(last.producer, last.seq, moment_of(found.body))
        return last

    def _reader(self, producer: str, start: Start) -> Reader:
        return StreamReader(self._nc, producer, start)
