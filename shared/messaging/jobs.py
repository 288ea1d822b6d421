"""The job runner: work for later or for outside, done by whichever replica takes it first, until it is done.

A job's row disappears in the transaction of its effects, so those happen once. What it does outside (a mail) happens
at least once: whoever must notice a repeat needs an id that the repeat has, too.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared import telemetry
from shared.contracts.actor import service_actor
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging import leases, metrics
from shared.messaging.failures import is_passing, sentence
from shared.messaging.handler import Handler, wants_ask
from shared.messaging.leases import LEASE, Claim, LeaseLost
from shared.messaging.patience import FINISHING_SECONDS, Pauses, nothing, woken
from shared.messaging.rpc import AskFn
from shared.messaging.work import KEEP_JOB, Job, Origin, UnitOfWork

POLL_SECONDS = 1.0
FIRST_DELAY, LONGEST_DELAY = 1.0, 900.0  # seconds; twenty attempts take about three hours

GivenUp = Callable[[Any, UnitOfWork], Awaitable[None]]
Asking = Callable[[UnitOfWork], AskFn]
log = logging.getLogger(__name__)


class JobRunner:
    """Runs the due jobs of one service, at most `at_once` at a time in this process; `run` lasts until cancelled.

    `handlers`: who does each kind. `asking`: makes what a handler asks others with. `given_up`: what to record, by
    kind, when a job has failed for the last time. `emitted`: called after a transaction that left events.
    `lease`: how long a job of a killed runner waits for the next one.
    """

    def __init__(
        self,
        service: str,
        handlers: Mapping[type[Job], Handler],
        sessions: async_sessionmaker[AsyncSession],
        *,
        reads: async_sessionmaker[AsyncSession] | None = None,
        asking: Asking | None = None,
        given_up: Mapping[type[Job], GivenUp] | None = None,
        emitted: Callable[[], None] = nothing,
        at_once: int = 4,
        lease: timedelta = LEASE,
        first_delay: float = FIRST_DELAY,
    ) -> None:
        self.service = service
        self._handlers = {kind.__name__: (kind, function) for kind, function in handlers.items()}
        self._sessions, self._reads, self._asking = sessions, reads, asking
        self._given_up, self._emitted = given_up or {}, emitted
        self._at_once, self._lease, self._first_delay = at_once, lease, first_delay
        self._running: set[asyncio.Task[bool]] = set()
        self._more = False
        self._wake = asyncio.Event()

    def nudge(self) -> None:
        """Say that a job was scheduled."""
        self._wake.set()

    async def run(self) -> None:
        """Take what is due, for ever; when cancelled, let what runs finish for ten seconds."""
        metrics.scope.set("jobs")
        pauses = Pauses()
        try:
            while True:
                try:
                    await self._begin_repeating()
                    while True:
                        await self._take_and_wait()
                        pauses.reset()
                except Exception as error:
                    if not is_passing(error):
                        log.exception("the job runner of %s stumbled", self.service)
                await pauses.take()
        finally:
            await self._leave()

    async def _begin_repeating(self) -> None:
        repeating = [kind for kind, _ in self._handlers.values() if kind.every is not None]
        rows = [
            {"kind": kind.__name__, "key": f"{kind.__name__}:repeating", "payload": kind().model_dump(mode="json")}
            for kind in repeating
        ]
        if rows:
            async with self._sessions() as session:
                await (await session.connection()).execute(KEEP_JOB, rows)
                await session.commit()

    async def _take_and_wait(self) -> None:
        self._wake.clear()
        free, kinds, wait = self._at_once - len(self._running), list(self._handlers), POLL_SECONDS
        if free:
            async with self._sessions() as session:
                claims = await leases.claim(session, kinds, free, self._lease)
                # Where all places are taken again, more may be due; else it is known when the next one will be.
                self._more = len(claims) == free
                upcoming = None if self._more else await session.scalar(leases.NEXT_DUE, {"kinds": kinds})
                await session.commit()
            for claim in claims:
                self._start(claim)
            if upcoming is not None:
                wait = min(wait, max((upcoming - clock.now()).total_seconds(), 0.01))
        await woken(self._wake, wait)

    def _start(self, claim: Claim) -> None:
        task = asyncio.create_task(self._run(claim))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error:
            log.warning("a job of %s was left for the next runner: %s", self.service, sentence(error))
        if self._more or task.cancelled() or error or task.result():
            self._wake.set()

    async def _run(self, claim: Claim) -> bool:
        """Do one job; tell whether it, or another, is now to be done at a time not yet looked at."""
        kind, function = self._handlers[claim.kind]
        try:
            await self._transaction(kind.model_validate(claim.payload), function, claim)
            outcome = "done"
        except LeaseLost:
            outcome = "lost"
        except Exception as error:
            log.warning("job %s failed: %s", claim.key, sentence(error), exc_info=not is_passing(error))
            outcome = await self._failed(claim, kind, sentence(error))
        metrics.jobs_done.labels(self.service, claim.kind, outcome).inc()
        return kind.every is not None or outcome != "done"

    async def _transaction(self, job: Job, function: Handler, claim: Claim) -> None:
        async with self._sessions() as session:
            work = self._work(session, claim)
            with (
                telemetry.story(correlation_id=work.origin.correlation_id, contract=claim.kind),
                telemetry.span(claim.kind, "consumer", work.origin.traceparent) as span,
            ):
                work.origin = replace(work.origin, traceparent=span.traceparent)
                async with leases.renewed(self._sessions, claim, self._lease):
                    if wants_ask(function):
                        await function(job, work, ask=self._ask(work))
                    else:
                        await function(job, work)
            if job.every is None:
                await leases.delete_mine(session, claim)
            else:
                again = clock.now() + timedelta(seconds=job.every)
                await leases.change_mine(session, claim, run_after=again, attempts=0, error=None)
            await session.commit()
        if work.emitted:
            self._emitted()
        if work.scheduled:
            self._wake.set()

    def _ask(self, work: UnitOfWork) -> AskFn:
        if self._asking is None:
            raise TypeError("this runner was made without a way to ask")
        return self._asking(work)

    def _work(self, session: AsyncSession, claim: Claim) -> UnitOfWork:
        origin = Origin(
            actor=service_actor(self.service),
            correlation_id=claim.context.get("correlation_id") or str(new_id()),
            causation_id=claim.context.get("causation_id"),
            traceparent=claim.context.get("traceparent"),
        )
        return UnitOfWork(session, self.service, origin, self._reads)

    async def _failed(self, claim: Claim, kind: type[Job], error: str) -> str:
        """Give a job back for later, or up; one that repeats is never given up."""
        last = kind.every is None and claim.attempts >= kind.give_up_after
        delay = min(self._first_delay * 2 ** (claim.attempts - 1), LONGEST_DELAY, kind.every or LONGEST_DELAY)
        later = clock.now() + timedelta(seconds=delay * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
        async with self._sessions() as session:
            failed_at = clock.now() if last else None
            await leases.change_mine(session, claim, run_after=later, error=error, failed_at=failed_at)
            if last and kind in self._given_up:
                await self._given_up[kind](kind.model_validate(claim.payload), self._work(session, claim))
            await session.commit()
        self._emitted()
        return "given up" if last else "failed"

    async def _leave(self) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=FINISHING_SECONDS)
            for task in late:
                task.cancel()
