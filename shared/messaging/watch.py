"""The watch: every few seconds the gauges of the bus, every minute the invariants, in the replica that leads."""

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.messaging import invariants, metrics
from shared.messaging.failures import is_passing, sentence
from shared.messaging.operations import COUNTS

GAUGES_SECONDS, INVARIANTS_SECONDS = 5.0, 60.0
log = logging.getLogger(__name__)


class Watch:
    """Measures one service. `leads` tells whether this replica does: the others show zero drift and measure nothing."""

    def __init__(
        self,
        service: str,
        sessions: async_sessionmaker[AsyncSession],
        leads: Callable[[], bool] = lambda: True,
        invariants_every: float = INVARIANTS_SECONDS,
    ) -> None:
        self.service = service
        self._sessions, self._leads, self._every = sessions, leads, invariants_every

    async def run(self) -> None:
        """Measure until cancelled."""
        metrics.scope.set("watch")
        reconciled_at = time.monotonic()  # a service that has just started is still catching up
        while True:
            await asyncio.sleep(min(GAUGES_SECONDS, self._every))
            try:
                if not self._leads():
                    self._stand_by()
                    continue
                await self._measure()
                if time.monotonic() - reconciled_at >= self._every:
                    reconciled_at = time.monotonic()  # before: what fails is not to be tried every few seconds
                    await invariants.reconciled(self._sessions, self.service)
            except Exception as error:
                if not is_passing(error):
                    log.exception("%s cannot be measured", self.service)
                else:
                    log.warning("%s cannot be measured now: %s", self.service, sentence(error))

    async def _measure(self) -> None:
        async with self._sessions() as session:
            parked, due, failed = (await session.execute(COUNTS)).one()
            oldest = (await session.execute(text(invariants.OLDEST_UNSENT))).scalar_one()
        self._show(parked, due, failed, float(oldest))

    def _stand_by(self) -> None:
        self._show(0, 0, 0, 0.0)
        for check in invariants.kept_by(self.service):
            metrics.drift.labels(self.service, check.__name__).set(0)

    def _show(self, parked: int, due: int, failed: int, oldest: float) -> None:
        metrics.parked_now.labels(self.service).set(parked)
        metrics.jobs_due.labels(self.service).set(due)
        metrics.jobs_failed.labels(self.service).set(failed)
        metrics.unsent_age.labels(self.service).set(oldest)
