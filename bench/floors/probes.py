"""The floors' client: `python -m bench.floors.probes` answers each line of JSON with a Run, until its input ends."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import asyncpg
import nats
import uvloop
from sqlalchemy import Integer, LargeBinary, bindparam, column, select, table
from sqlalchemy.ext.asyncio import create_async_engine

from bench.floors import order
from bench.runs import summary

AT_ONCE = 8
QUESTION = b"x" * 284  # bytes, as in the design's own probes
ROW = (
    select(column("body", LargeBinary()))
    .select_from(table("rows", column("id")))
    .where(column("id", Integer()) == bindparam("id", type_=Integer()))
)
TICK = "INSERT INTO ticks (body) VALUES ('one row')"
Act = Callable[[], Awaitable[Any]]


class Probes:
    """Connections to everything that is measured, one per operation under way."""

    def __init__(self, nc: Any, reads: Any, connections: Sequence[Any]) -> None:
        self.nc, self.reads, self.connections = nc, reads, connections

    def acts(self, probe: str, concurrency: int) -> list[Act]:
        """Return what each of the concurrent callers does, again and again."""
        act: Callable[[Any], Awaitable[Any]] = getattr(self, probe)
        return [partial(act, connection) for connection in self.connections[:concurrency]]

    async def echo(self, connection: Any) -> None:
        """One request over NATS, answered by another process."""
        await self.nc.request("bench.echo", QUESTION, timeout=5)

    async def row(self, connection: Any) -> None:
        """One row by primary key through SQLAlchemy Core, its statement built once, without BEGIN and COMMIT."""
        async with self.reads.connect() as read:
            (await read.execute(ROW, {"id": 500})).scalar_one()

    async def commit(self, connection: Any) -> None:
        """One row, committed to the disk."""
        await connection.execute(TICK)

    async def place12(self, connection: Any) -> None:
        """The lean order."""
        await order.place12(connection)

    async def tell(self, connection: Any) -> None:
        """An order and its event, committed; relay and consumer do the rest."""
        await order.tell(connection)


async def repeat(acts: Sequence[Act], seconds: float, pace: float | None, times: int | None) -> dict[str, Any]:
    """Do them side by side for so many seconds or times; with a pace, so many are begun per second altogether."""
    latencies: list[float] = []
    started, begun = perf_counter(), 0

    async def caller(act: Act) -> None:
        nonlocal begun
        while perf_counter() - started < seconds and (times is None or begun < times):
            if pace is not None:
                await asyncio.sleep(max(0.0, started + begun / pace - perf_counter()))
            begun += 1
            before = perf_counter()
            await act()
            latencies.append(perf_counter() - before)

    await asyncio.gather(*(caller(act) for act in acts))
    return summary(latencies, perf_counter() - started)


async def main() -> None:
    """Answer jobs until there are no more."""
    dsn = os.environ["BENCH_DATABASE"]
    nc = await nats.connect(os.environ["BENCH_NATS"])
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"), pool_size=AT_ONCE)
    reads = engine.execution_options(isolation_level="AUTOCOMMIT")
    probes = Probes(nc, reads, [await asyncpg.connect(dsn) for _ in range(AT_ONCE)])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        job = json.loads(line)
        acts = probes.acts(job["probe"], job["concurrency"])
        print(json.dumps(await repeat(acts, job["seconds"], job.get("pace"), job.get("times"))), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
