"""Trying parked events again: each in a transaction of its own, an aggregate's in their order."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.messaging import metrics, parked
from shared.messaging.failures import is_passing, sentence
from shared.messaging.handler import Handler
from shared.messaging.handling import handle_alone
from shared.messaging.hearing import Handlers, Listening, listening
from shared.messaging.patience import Pauses, finished, nothing, woken
from shared.messaging.tables import ParkedEvent

POLL_SECONDS = 1.0
log = logging.getLogger(__name__)


class ParkedRetries:
    """Handles what is parked in one service when its turn comes; any number of replicas at once.

    `handlers`: those of all producers together. `run` lasts until cancelled.
    """

    def __init__(
        self,
        service: str,
        handlers: Handlers,
        sessions: async_sessionmaker[AsyncSession],
        *,
        emitted: Callable[[], None] = nothing,
        first_delay: timedelta = parked.FIRST_DELAY,
    ) -> None:
        self.service = service
        self._heard: Mapping[str, Listening] = listening(handlers)
        self._sessions, self._first_delay = sessions, first_delay
        self._emitted = emitted
        self._wake = asyncio.Event()

    def nudge(self) -> None:
        """Say that an operator has decided something."""
        self._wake.set()

    async def run(self) -> None:
        """Try what is due, for ever."""
        metrics.scope.set("pump")
        pauses = Pauses()
        while True:
            self._wake.clear()
            try:
                while await finished(self._one()):
                    pauses.reset()
            except Exception as error:
                if not is_passing(error):
                    log.exception("%s cannot try its parked events", self.service)
                await pauses.take()
            await woken(self._wake, POLL_SECONDS)

    async def _one(self) -> bool:
        """Try one event whose turn it is; tell whether there was one."""
        async with self._sessions() as session:
            event = await parked.claim(session)
            if event is None:
                return False
            try:
                await self._handle(session, event)
            except Exception as error:
                if is_passing(error):
                    raise
                self._failed(event, error)
            else:
                log.info("%s handled %s-%s for %s at last", self.service, event.producer, event.seq, event.handler)
                await session.delete(event)
            await session.commit()
        self._emitted()
        return True

    async def _handle(self, session: AsyncSession, event: ParkedEvent) -> None:
        function = self._function(event)
        heard = self._heard[event.type].read(event.body)
        await handle_alone(session, self.service, function, heard)

    def _function(self, event: ParkedEvent) -> Handler:
        known = self._heard.get(event.type)
        if known is None or event.handler not in known.handlers:
            raise LookupError(f"there is no handler {event.handler} of {event.type} any more; discard this event")
        return known.handlers[event.handler]

    def _failed(self, event: ParkedEvent, error: Exception) -> None:
        # One that only queued begins its own series of tries, at the head of the queue.
        event.attempts = 0 if event.error is None else event.attempts + 1
        event.error = sentence(error)
        event.next_try = parked.next_try(event.attempts, self._first_delay)
        log.warning("%s-%s for %s failed again: %s", event.producer, event.seq, event.handler, event.error)
