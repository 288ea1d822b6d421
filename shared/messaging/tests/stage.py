"""A producer and a listener on real servers: what was said is counted against what was heard."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import nats
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from devstack.nats import Nats
from devstack.postgres import Postgres
from devstack.process import Process
from shared.contracts.base import Event, Message
from shared.contracts.operations import ReplayEvents
from shared.messaging import bus
from shared.messaging.bell import Bell
from shared.messaging.connections import bus_engine
from shared.messaging.hearing import Handlers
from shared.messaging.operations import replay_events
from shared.messaging.pump import Pump
from shared.messaging.relay import Relay
from shared.messaging.retrying import ParkedRetries
from shared.messaging.topology import ensure_stream
from shared.messaging.work import UnitOfWork
from shared.settings import BusSettings

SAYER, LISTENER = "orders", "agents"
END_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
"""


class Said(Event, subject=f"{SAYER}.test_said.v1", aggregate="id"):
    """Something was said."""

    id: UUID
    version: int
    n: int


class Mumbled(Event, subject=f"{SAYER}.test_mumbled.v1", aggregate="id"):
    """Nobody listens to this."""

    id: UUID
    version: int = 1


for contract in (Said, Mumbled):  # generated documentation and permissions know nothing of tests
    del Message.registry[contract.subject]


async def note(event: Said, work: UnitOfWork) -> None:
    """Note that it was heard; a repeat would be a second row."""
    await work.session.execute(text("INSERT INTO heard (n, said_by) VALUES (:n, :id)"), {"n": event.n, "id": event.id})


@dataclass
class Stage:
    """Two databases, a broker, and everybody who was started on them."""

    postgres: Postgres
    nats: Nats
    sayer: AsyncEngine
    listener: AsyncEngine
    said: list[int] = field(default_factory=list)
    handlers: Handlers = field(default_factory=lambda: {Said: [note]})
    _replicas: list[Process] = field(default_factory=list)
    _clients: list[Client] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    async def client(self, user: str) -> Client:
        """Connect to the broker as a service does."""
        options = bus.options(BusSettings(nats_url=self.nats.url), user)
        client = await nats.connect(**options, user=user, password=self.nats.password(user))
        self._clients.append(client)
        return client

    def start(self, running: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something until the test ends."""
        task = asyncio.create_task(running, context=Context())
        self._tasks.append(task)
        return task

    def dsn(self, service: str) -> str:
        """Return the address of a service's database, as the role it runs as."""
        return self.postgres.url(service)

    def sessions(self) -> async_sessionmaker[AsyncSession]:
        """Return the listener's sessions."""
        return async_sessionmaker(self.listener, expire_on_commit=False)

    async def relay(self) -> Relay:
        """Start the producer's relay."""
        relay = Relay(SAYER, self.dsn(SAYER), await self.client(SAYER))
        self.start(relay.run())
        self.start(Bell(SAYER, self.dsn(SAYER), {"outbox": relay.nudge}).run())
        return relay

    async def publish(self, *numbers: int) -> None:
        """Put numbered events of the outbox on the stream in this order, as no relay would."""
        client = await self.client(SAYER)
        await ensure_stream(client, SAYER)
        kept = {row.seq: row.body for row in await self.rows(self.sayer, "SELECT seq, body FROM outbox")}
        for number in numbers:
            await client.request(Said.subject, kept[number], timeout=2, headers={"X-Seq": str(number)})

    async def number(self) -> None:
        """Number what is said, and publish none of it."""
        await self.rows(self.sayer, "UPDATE outbox SET seq = id")
        await self.rows(self.sayer, "INSERT INTO relay_state (id, last_seq) SELECT 1, max(seq) FROM outbox")

    async def pump(self, **options: Any) -> Pump:
        """Start the listener's pump."""
        pump = Pump(LISTENER, SAYER, self.handlers, self.sessions(), await self.client(LISTENER), **options)
        self.start(pump.run())
        return pump

    def replica(self, slow: bool = False) -> Process:
        """Start another relay and pump in a process of its own."""
        address = {
            SAYER: self.dsn(SAYER),
            LISTENER: self.dsn(LISTENER),
            "nats": self.nats.url,
            "passwords": {user: self.nats.password(user) for user in (SAYER, LISTENER)},
            "slow": slow,
        }
        command = [sys.executable, "-m", "shared.messaging.tests.replica", json.dumps(address)]
        log = self.nats.data_dir / f"replica-{len(self._replicas)}.log"
        process = Process("replica", command, log, env={**os.environ}, cwd=Path.cwd())
        process.start()
        self._replicas.append(process)
        return process

    def retries(self) -> ParkedRetries:
        """Start the listener's tries of what is parked."""
        retries = ParkedRetries(LISTENER, self.handlers, self.sessions(), first_delay=timedelta(seconds=10))
        self.start(retries.run())
        return retries

    async def owner(self) -> None:
        """Answer requests for a replay as the producer."""
        client = await self.client(SAYER)

        async def answer(message: Any) -> None:
            async with AsyncSession(self.sayer) as session:
                page = await replay_events(ReplayEvents.model_validate_json(message.data), UnitOfWork(session, SAYER))
            await client.publish(message.reply, page.model_dump_json().encode())

        await client.subscribe(f"rpc.{SAYER}.replay_events.v1", queue=SAYER, cb=answer)

    async def say(self, how_many: int = 1, about: UUID | None = None) -> None:
        """Commit facts, one transaction each."""
        for _ in range(how_many):
            await self.say_together(1, about)

    async def say_together(self, how_many: int, about: UUID | None = None) -> None:
        """Commit facts in one transaction."""
        numbers = [next(self._numbers) for _ in range(how_many)]
        async with AsyncSession(self.sayer) as session:
            work = UnitOfWork(session, SAYER)
            for n in numbers:
                work.emit(Said(id=about or uuid4(), version=n, n=n))
            await session.commit()
        self.said += numbers

    async def heard(self) -> Sequence[int]:
        """Return what was heard, in the order of its effects."""
        return [row.n for row in await self.rows(self.listener, "SELECT n FROM heard ORDER BY id")]

    async def rows(self, engine: AsyncEngine, query: str, **values: Any) -> Sequence[Any]:
        """Run a statement and return its rows, if any."""
        async with engine.begin() as connection:
            result = await connection.execute(text(query), values)
            return result.all() if result.returns_rows else []

    async def end_connections(self, service: str) -> None:
        """End every connection that a service's relay or pump holds, as a failing server would."""
        engine = self.sayer if service == SAYER else self.listener
        await self.rows(engine, END_CONNECTIONS)

    async def has_heard(self, how_many: int) -> bool:
        """Tell whether at least so many effects are committed."""
        return len(await self.heard()) >= how_many

    async def all_is_heard(self, within: float = 10.0) -> None:
        """Wait until everything said is heard; fail unless each was heard once and in order."""
        await until(lambda: self.has_heard(len(self.said)), within)
        assert await self.heard() == self.said

    async def leave(self) -> None:
        """Stop everybody."""
        for process in self._replicas:
            await process.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(client.close() for client in self._clients), return_exceptions=True)


async def until(holds: Callable[[], Awaitable[bool]] | Callable[[], bool], within: float = 10.0) -> None:
    """Wait for a condition, with a deadline in seconds; one that cannot be asked does not hold yet."""
    deadline = time.monotonic() + within
    while True:
        try:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
        except (OSError, AssertionError) as error:
            if time.monotonic() > deadline:
                raise
            del error
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def staged(postgres: Postgres) -> AsyncIterator[Stage]:
    """Set a stage with a broker of its own on the two databases, and clear it."""
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(Nats.temporary())
        engines = [bus_engine(postgres.url(name), name, kept=8) for name in (SAYER, LISTENER)]
        for engine in engines:
            stack.push_async_callback(engine.dispose)
        stage = Stage(postgres, broker, *engines)
        stack.push_async_callback(stage.leave)
        yield stage
