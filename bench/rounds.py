"""The rounds: each load and its floor one after the other, again and again, so that they meet the same machine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bench.books import Books
from bench.children import Child
from bench.floors.ground import Ground
from bench.generator import Job
from bench.machine import Meters
from bench.runs import Run, Series, summary
from bench.shop import Shop
from devstack import measured

FLOORS = (("echo", 1), ("echo", 8), ("row", 1), ("row", 8), ("commit", 1), ("commit", 8))
FLOOR_SECONDS, SECONDS, ORDER_SECONDS = 0.8, 2.0, 3.0
HOP_PACE, HOP_SECONDS = 20.0, 3.0
COUNTED = 50  # operations of which statements and requests are counted
Tell = Callable[[str], None]


@dataclass
class Bench:
    """What is measured, what measures it, and what came out."""

    shop: Shop
    ground: Ground
    books: Books
    generator: Child
    tell: Tell
    series: dict[tuple[str, int], Series] = field(default_factory=dict)
    counts: dict[str, measured.Counts] = field(default_factory=dict)
    ordered: int = 0
    refused: int = 0

    @property
    def meters(self) -> Meters:
        """Return which process is which: the house's, the floors', the load's."""
        programs = {name: program.process.pid for name, program in self.shop.house.programs.items()}
        return Meters(programs | self.ground.pids | {"load": self.generator.pid})

    def of(self, name: str, concurrency: int = 8) -> Series:
        """Return the repetitions of a load."""
        return self.series.setdefault((name, concurrency), Series(name, concurrency))

    async def round(self) -> None:
        """Measure everything once."""
        await self.shop.sign_in()
        for probe, concurrency in FLOORS:
            await self._floor(probe, concurrency, FLOOR_SECONDS)
        for concurrency in (1, 8):
            await self._chain(concurrency)
            await self._read("list", concurrency)
            await self._read("get", concurrency)
        await self._read("list", 32)
        for concurrency in (1, 8):
            await self._floor("place12", concurrency, SECONDS)
            await self._placing("place", concurrency)
            await self._placing("sale", concurrency)
        await self._placing("place", 32)
        await self._hops()

    async def count(self) -> None:
        """Count what one operation costs, sequentially and with warm caches."""
        for name in ("list", "get", "place", "sale"):
            job = replace(self._job(name, 1, None), times=COUNTED)
            await self._noted(job, name)
            before = await measured.counts(self.shop.house)
            await self._noted(job, name)
            await self.books.at_rest()
            self.counts[name] = (await measured.counts(self.shop.house)).since(before, COUNTED)

    def placements(self, seconds: float) -> Job:
        """Return the load of orders at eight at once."""
        return self._job("place", 8, seconds)

    async def placed(self, job: Job) -> Run:
        """Run a load of orders."""
        return await self._noted(job, "place")

    def _job(self, name: str, concurrency: int, seconds: float | None) -> Job:
        operations: dict[str, Callable[[], Any]] = {
            "list": self.shop.lists,
            "get": self.shop.gets,
            "place": self.shop.placements,
            "sale": self.shop.sales,
        }
        return Job(self.shop.port, operations[name](), concurrency, seconds)

    async def _floor(self, probe: str, concurrency: int, seconds: float) -> None:
        self.tell(f"{probe}, {concurrency} at once")
        meters, before = self.meters, self.meters.cpu()
        run = await self.ground.probe(probe, concurrency, seconds)
        self._keep(probe, concurrency, run, meters.since(before, run.operations))

    async def _chain(self, concurrency: int) -> None:
        self.tell(f"chain, {concurrency} at once")
        meters, before = self.meters, self.meters.cpu()
        run = await self.generator.run(self.ground.chain(concurrency, SECONDS))
        self._keep("chain", concurrency, run, meters.since(before, run.operations))

    async def _read(self, name: str, concurrency: int) -> None:
        self.tell(f"{name}, {concurrency} at once")
        meters, before = self.meters, self.meters.cpu()
        run = await self._noted(self._job(name, concurrency, SECONDS), name)
        self._keep(name, concurrency, run, meters.since(before, run.operations))

    async def _placing(self, name: str, concurrency: int) -> None:
        """Orders: their processor time is counted until commission, stock and mails have followed."""
        self.tell(f"{name}, {concurrency} at once")
        meters, before = self.meters, self.meters.cpu()
        run = await self._noted(self._job(name, concurrency, ORDER_SECONDS), name)
        await self.books.at_rest()
        self._keep(name, concurrency, run, meters.since(before, run.operations))

    async def _hops(self) -> None:
        self.tell("an event's way")
        self.of("hop floor", 1).runs.append(await self.ground.hops(HOP_PACE, HOP_SECONDS))
        last = await self.books.last_order()
        await self._noted(replace(self._job("place", 1, HOP_SECONDS), pace=HOP_PACE), "place")
        await self.books.at_rest()
        took = [sale.took for sale in await self.books.sales(last)]
        self.of("hop", 1).runs.append(Run(**summary(took, HOP_SECONDS)))

    async def _noted(self, job: Job, name: str) -> Run:
        run = await self.generator.run(job)
        if name in ("place", "sale"):
            self.ordered += run.operations
        self.refused += sum(run.refused.values())
        return run

    def _keep(self, name: str, concurrency: int, run: Run, cpu: dict[str, float]) -> None:
        used = {process: spent for process, spent in cpu.items() if spent > 0}
        self.of(name, concurrency).runs.append(replace(run, cpu=used))
