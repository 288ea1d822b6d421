"""The bell: PostgreSQL says that a transaction left something to do, and whoever does it wakes up at once.

It only saves time: relay and job runner also look by themselves, about once a second.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from shared.messaging import metrics
from shared.messaging.connections import connect
from shared.messaging.failures import sentence
from shared.messaging.patience import Pauses

CHECK_SECONDS = 2.0
log = logging.getLogger(__name__)


class Bell:
    """Listens on one connection per process: `Bell(service, dsn, {"outbox": relay.nudge, "jobs": runner.nudge})`."""

    def __init__(self, service: str, dsn: str, wake: Mapping[str, Callable[[], None]]) -> None:
        self._service, self._dsn, self._wake = service, dsn, wake

    async def run(self) -> None:
        """Listen until cancelled."""
        metrics.scope.set("watch")
        pauses = Pauses()
        while True:
            try:
                await self._listen(pauses)
            except Exception as error:
                log.warning("the bell of %s is silent: %s", self._service, sentence(error))
            await pauses.take()

    async def _listen(self, pauses: Pauses) -> None:
        connection = await connect(self._dsn, f"{self._service} bell")
        try:
            for channel in self._wake:
                await connection.add_listener(channel, self._rung)
            for wake in self._wake.values():  # what was missed meanwhile
                wake()
            pauses.reset()
            while not connection.is_closed():
                await asyncio.sleep(CHECK_SECONDS)
                await connection.execute("SELECT 1")
        finally:
            connection.terminate()

    def _rung(self, connection: object, pid: int, channel: str, payload: str) -> None:
        self._wake[channel]()
