"""What runs inside a service from its start to its end: connections, the hall, relay, pumps and jobs."""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shared.contracts.base import Event, Request
from shared.health import Check
from shared.messaging import metrics
from shared.messaging.bell import Bell
from shared.messaging.callers import Callers
from shared.messaging.closures import watch_closures
from shared.messaging.connections import CONNECT_SECONDS, bus_engine, watch_statements
from shared.messaging.hall import Hall
from shared.messaging.handler import Handler
from shared.messaging.hot import Driver
from shared.messaging.jobs import GivenUp, JobRunner
from shared.messaging.lanes import widen
from shared.messaging.pump import Pump
from shared.messaging.relay import Relay
from shared.messaging.retrying import ParkedRetries
from shared.messaging.rpc import RpcClient
from shared.messaging.watch import Watch
from shared.messaging.work import Job, Origin
from shared.settings import ServiceSettings

JOBS_AT_ONCE = 4
SPARE = 3  # connections of the bus engine beside those of pumps and jobs: retries, watch, leases
NATS_RTT = 1  # second
log = logging.getLogger(__name__)


@dataclass
class Reactions:
    """What a service does of its own accord: events by producer, and jobs."""

    events: dict[str, dict[type[Event], list[Handler]]]
    jobs: dict[type[Job], Handler]


class Process:
    """One replica of a service. `open`, `start`, `leave`, `close` are called by its app, in that order."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        broker: NatsBroker,
        reactions: Reactions,
        given_up: Mapping[type[Job], GivenUp],
    ) -> None:
        self.name, self.settings, self.broker, self.reactions = name, settings, broker, reactions
        self.given_up = given_up
        self.engine: AsyncEngine | None = None
        self.bus_engine: AsyncEngine | None = None
        self.driver = Driver(settings.database_url.get_secret_value(), name, settings.database_pool)
        self.nc: Client | None = None
        self.relay: Relay | None = None
        self.pumps: list[Pump] = []
        self._lanes: list[Subscription] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving = False

    async def open(self) -> None:
        """Connect, and build what the first message will need."""
        url = self.settings.database_url.get_secret_value()
        self.engine = create_async_engine(
            url,
            pool_size=self.settings.database_pool,
            max_overflow=0,
            pool_timeout=CONNECT_SECONDS,
            hide_parameters=True,  # they may be digests of passwords; errors are logged
            connect_args={"timeout": CONNECT_SECONDS, "server_settings": {"application_name": self.name}},
        )
        watch_statements(self.engine)
        self.bus_engine = bus_engine(url, f"{self.name} bus", len(self.reactions.events) + JOBS_AT_ONCE + SPARE)
        await self.driver.open()
        self.nc = await self.broker.connect()
        self.relay = Relay(self.name, url, self.nc)
        jobs = self._job_runner(self.nc)
        self.pumps = [self._pump(producer, self.nc) for producer in self.reactions.events]
        nc = self.nc

        async def ask(request: Request[Any]) -> Any:
            return await RpcClient(nc, Origin())(request)  # each for its own moment

        self.callers = Callers.from_settings(self.settings, ask)
        hall = Hall(
            service=self.name,
            nc=self.nc,
            sessions=async_sessionmaker(self.engine, expire_on_commit=False),
            reads=_reads(self.engine),
            callers=self.callers,
            emitted=self.relay.nudge,
            driver=self.driver,
        )
        self.broker.context.set_global("hall", hall)
        sessions = async_sessionmaker(self.bus_engine, expire_on_commit=False)
        self._runs: list[Coroutine[Any, Any, None]] = [
            self.relay.run(),
            jobs.run(),
            Bell(self.name, url, {"outbox": self.relay.nudge, "jobs": jobs.nudge}).run(),
            Watch(self.name, sessions, leads=self._leads).run(),
            self._retries(sessions).run(),
            watch_closures(self.nc, self.callers),
            *(pump.run() for pump in self.pumps),
        ]

    async def start(self) -> None:
        """Begin to tell, to hear and to work off."""
        assert self.nc is not None
        self._lanes = await widen(self.broker, self.nc, self.settings.request_lanes)
        for run in self._runs:
            task = asyncio.create_task(run)
            task.add_done_callback(self._ended)
            self._tasks.append(task)

    async def leave(self) -> None:
        """Take no new request, finish those in hand, then stop telling and hearing."""
        self._leaving = True
        # drain, where FastStream would unsubscribe: what waits behind a serial lane is answered too
        first: list[Any] = [lane for lane in self.broker.subscribers if getattr(lane, "subscription", None)]
        lanes = [*(lane.subscription for lane in first), *self._lanes]
        await asyncio.gather(*(lane.drain() for lane in lanes), return_exceptions=True)
        for lane in first:
            lane.subscription = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Let go of the database."""
        await self.driver.close()
        for engine in (self.engine, self.bus_engine):
            if engine is not None:
                await engine.dispose()

    def checks(self) -> dict[str, Check]:
        """Return what readiness asks."""
        return {"database": self._database, "nats": self._nats, "relay": self._relay, "pumps": self._pumps}

    async def _database(self) -> str | None:
        if self.engine is None:
            return "It is not connected yet."
        with metrics.counted_as("watch"):
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        return None

    async def _nats(self) -> str | None:
        if self.nc is None or not self.nc.is_connected:
            return "It is not connected."
        await self.nc.flush(timeout=NATS_RTT)
        return None

    async def _relay(self) -> str | None:
        return self.relay.status.trouble if self.relay else "It has not begun."

    async def _pumps(self) -> str | None:
        troubles = [f"{pump.producer}: {pump.status.trouble}" for pump in self.pumps if pump.status.trouble]
        return " ".join(troubles) or None

    def _job_runner(self, nc: Client) -> JobRunner:
        engine = self.bus_engine
        assert engine is not None
        assert self.relay is not None
        return JobRunner(
            self.name,
            self.reactions.jobs,
            async_sessionmaker(engine, expire_on_commit=False),
            reads=_reads(engine),
            asking=lambda work: RpcClient(nc, work.origin, work.in_transaction),
            given_up=self.given_up,
            emitted=self.relay.nudge,
            at_once=JOBS_AT_ONCE,
        )

    def _leads(self) -> bool:
        return self.relay is not None and self.relay.status.leading

    def _retries(self, sessions: async_sessionmaker[AsyncSession]) -> ParkedRetries:
        assert self.relay is not None
        heard = {event: functions for events in self.reactions.events.values() for event, functions in events.items()}
        return ParkedRetries(self.name, heard, sessions, emitted=self.relay.nudge)

    def _pump(self, producer: str, nc: Client) -> Pump:
        assert self.bus_engine is not None
        assert self.relay is not None
        sessions = async_sessionmaker(self.bus_engine, expire_on_commit=False)
        handlers = self.reactions.events[producer]
        return Pump(self.name, producer, handlers, sessions, nc, emitted=self.relay.nudge)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or self._leaving:
            return
        # relay, pumps and jobs outlive every fault they know: what ends them is a bug, and a fresh start the remedy
        log.critical("%s stopped by itself", task.get_coro(), exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)


def _reads(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Return sessions for plain reads: each statement stands alone, without BEGIN and COMMIT."""
    return async_sessionmaker(engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False)
