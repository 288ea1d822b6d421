"""The floors: what is measured of the machine alone, on a broker, a database and servers of their own."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from bench.children import Child
from bench.generator import Job
from bench.runs import Run, summary
from devstack.process import Process

START_SECONDS = 30.0
BACKLOG = """
    WITH placed AS (
        INSERT INTO orders (id, customer_id, total)
        SELECT gen_random_uuid(), gen_random_uuid(), 1 FROM generate_series(1, $1) RETURNING id
    )
    INSERT INTO outbox (order_id, body, told) SELECT id, convert_to(repeat('x', 1500), 'UTF8'), true FROM placed
"""
HOPS = """
    SELECT extract(epoch FROM pg_xact_commit_timestamp(booked.xmin) - pg_xact_commit_timestamp(orders.xmin))::float8
    FROM booked JOIN orders ON orders.id = booked.order_id WHERE orders.number > $1
"""
BOOKED_AT = """
    SELECT extract(epoch FROM pg_xact_commit_timestamp(booked.xmin))::float8 AS at
    FROM booked JOIN orders ON orders.id = booked.order_id WHERE orders.number > $1 ORDER BY at
"""
LAST_NUMBER = "SELECT coalesce(max(number), 0) FROM orders"
OPEN = "SELECT count(*) FROM outbox LEFT JOIN booked USING (order_id) WHERE told AND booked.order_id IS NULL"
UNSENT = "SELECT count(*) FROM outbox WHERE told AND NOT sent"


@dataclass
class Ground:
    """What the floors stand on."""

    probes: Child
    database: Any
    chain_port: int
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        """Return our processes by name, for the meters."""
        return {name: process.pid for name, process in self.processes.items()} | {"floor client": self.probes.pid}

    async def probe(self, name: str, concurrency: int, seconds: float) -> Run:
        """Measure one floor."""
        return await self.probes.ask(probe=name, concurrency=concurrency, seconds=seconds)

    def chain(self, concurrency: int, seconds: float) -> Job:
        """Return the load of the one-row chain."""
        requests = [f"GET /rows/{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" for n in range(1, 1001)]
        return Job(self.chain_port, [[request] for request in requests], concurrency, seconds)

    async def hops(self, pace: float, seconds: float) -> Run:
        """Measure events from commit to commit."""
        last = await self.database.fetchval(LAST_NUMBER)
        await self.probes.ask(probe="tell", concurrency=1, seconds=seconds, pace=pace)
        await self._until_none(OPEN)
        return Run(**summary([row[0] for row in await self.database.fetch(HOPS, last)], seconds))

    async def drain(self, events: int) -> float:
        """Return how many events per second the consumer books when many wait for it in the stream."""
        last = await self.database.fetchval(LAST_NUMBER)
        self.processes["floor consumer"].pause()
        await self.database.execute(BACKLOG, events)
        await self.database.execute("NOTIFY outbox")
        await self._until_none(UNSENT)
        self.processes["floor consumer"].resume()
        await self._until_none(OPEN)
        return rate([row["at"] for row in await self.database.fetch(BOOKED_AT, last)])

    async def _until_none(self, query: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while await self.database.fetchval(query):
            if time.monotonic() > deadline:
                raise RuntimeError("The floor of an event's way stands still.")
            await asyncio.sleep(0.05)


def rate(moments: list[float]) -> float:
    """Return events per second, those of the first moment apart: they were there when the clock began."""
    later = [moment for moment in moments if moment > moments[0]]
    return len(later) / (later[-1] - moments[0]) if later else 0.0
