"""The rounds: every size in turn, each load beside the floor of the same minute, again and again."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bench.catalogue.holding import Holder, Holding
from bench.catalogue.shop import Operations, Shop, Tell
from bench.catalogue.sizes import Size, Wardrobe
from bench.children import Child
from bench.floors.ground import Ground
from bench.generator import Job
from bench.machine import Meters
from bench.runs import Run, Series
from devstack import measured

AT_ONCE, SECONDS, FLOOR_SECONDS = 8, 2.0, 1.0
WARM_UP = 200  # requests that nobody measures
COUNTED = 50  # requests of which statements are counted
LISTS = ("warm", "spread")
SEARCHES = ("words", "prefix", "typo")
BROWSES = ("browse", "branch", "price")
QUOTES, HOLDS = ("short", "long"), ("hot", "cold")
SHORT, LONG = 3, 100  # lines of a quote
Key = tuple[str, Size]


@dataclass
class Bench:
    """What is measured, what measures it, and what came out, by load and size.

    `first`: of what is remembered, the milliseconds that the slowest request took while it was not yet.
    """

    shop: Shop
    wardrobe: Wardrobe
    ground: Ground
    generator: Child
    holder: Holder
    tell: Tell
    series: dict[Key, Series] = field(default_factory=dict)
    counts: dict[Key, measured.Counts] = field(default_factory=dict)
    holding: Holding = field(default_factory=Holding)
    refused: int = 0
    first: dict[str, float] = field(default_factory=dict)

    def of(self, load: str, size: Size, concurrency: int = AT_ONCE) -> Series:
        """Return the repetitions of a load at a size."""
        return self.series.setdefault((load, size), Series(load, concurrency))

    async def round(self) -> None:
        """Measure everything once, the largest shop last: it stays."""
        for size in self.wardrobe:
            self.tell(f"{size}: catalog starts")
            await self.wardrobe.put_on(size, forgetful=True)
            await self.shop.sign_in()
            await self._run("anew", size, times=WARM_UP)
            await self._measured("anew", size)
            await self.wardrobe.put_on(size)
            await self.shop.sign_in()
            await self._run("spread", size, times=WARM_UP)
            await self._floor("chain", size)
            for load in ("spread", "warm", "one"):
                await self._measured(load, size)
            if ("one", size) not in self.counts:
                await self._count(size)
        await self._largest()

    async def ask(self, load: str, size: Size, times: int) -> None:
        """Ask one at a time."""
        if load in HOLDS:
            self.refused += sum((await self.holder.run(load, self.shop, 1, times=times)).refused.values())
        else:
            await self._run(load, size, times=times, connections=1)

    def loads(self, size: Size) -> tuple[str, ...]:
        """Return what is asked of a shop of this size."""
        more = (*SEARCHES, *BROWSES, *QUOTES, *HOLDS) if size == self.wardrobe.largest else ()
        return (*LISTS, "one", *more)

    async def remember(self, load: str, size: Size) -> Run:
        """Ask for everything of a load once, one at a time."""
        return await self._run(load, size, times=len(self.operations(load, size)), connections=1)

    async def _count(self, size: Size) -> None:
        for load in self.loads(size):
            self.tell(f"{size}: counts of {load}")
            if load in BROWSES:
                self.first[load] = (await self.remember(load, size)).slowest
            await self.ask(load, size, COUNTED)
            before = await measured.counts(self.shop.house)
            await self.ask(load, size, COUNTED)
            self.counts[load, size] = (await measured.counts(self.shop.house)).since(before, COUNTED)

    async def _largest(self) -> None:
        size = self.wardrobe.largest
        for load in SEARCHES:
            await self._measured(load, size)
        for load in BROWSES:
            await self.remember(load, size)
            await self._measured(load, size)
        for load in QUOTES:
            await self._measured(load, size, connections=1)
        await self.shop.sign_in()
        for kind in HOLDS:
            await self._floor("commit", size, 1 if kind == "hot" else AT_ONCE, name=f"commit for {kind}")
            self.tell(f"holds, {kind}")
            meters, before = self.meters, self.meters.cpu()
            run = await self.holder.run(kind, self.shop, AT_ONCE, seconds=SECONDS)
            self._keep(kind, size, run, meters.since(before, run.operations))
            self.refused += sum(run.refused.values())

    async def last_pieces(self) -> None:
        """Let the last pieces be held. After all rounds: goods that run out are news, which no other size has told."""
        self.tell("the last pieces")
        await self.shop.sign_in()
        await self.holder.last_pieces(self.shop, self.holding)

    async def _measured(self, load: str, size: Size, connections: int = AT_ONCE) -> None:
        self.tell(f"{size}: {load}")
        meters, before = self.meters, self.meters.cpu()
        run = await self._run(load, size, seconds=SECONDS, connections=connections)
        self._keep(load, size, run, meters.since(before, run.operations), connections)

    async def _run(
        self,
        load: str,
        size: Size,
        *,
        seconds: float | None = None,
        times: int | None = None,
        connections: int = AT_ONCE,
    ) -> Run:
        job = Job(self.shop.port, self.operations(load, size), connections, seconds, times)
        run = await self.generator.run(job)
        self.refused += sum(run.refused.values())
        return run

    def operations(self, load: str, size: Size) -> Operations:
        """Return the requests of a load."""
        shop, variants = self.shop, size.variants
        made: dict[str, Callable[[], Operations]] = {
            "warm": shop.warm,
            "spread": lambda: shop.spread(variants),
            "anew": lambda: shop.spread(variants),
            "one": lambda: shop.one(variants),
            "words": shop.words,
            "prefix": shop.prefix,
            "typo": shop.typo,
            "browse": shop.browse,
            "branch": shop.branches,
            "price": shop.by_price,
            "short": lambda: shop.quotes(variants, SHORT),
            "long": lambda: shop.quotes(variants, LONG),
        }
        return made[load]()

    async def _floor(self, probe: str, size: Size, concurrency: int = AT_ONCE, name: str = "") -> None:
        self.tell(f"{size}: the floor")
        meters, before = self.meters, self.meters.cpu()
        if probe == "chain":
            run = await self.generator.run(self.ground.chain(concurrency, FLOOR_SECONDS))
        else:
            run = await self.ground.probe(probe, concurrency, FLOOR_SECONDS)
        self._keep(name or probe, size, run, meters.since(before, run.operations), concurrency)

    @property
    def meters(self) -> Meters:
        """Return which process is which: the house's, the floors', the load's."""
        programs = {name: program.process.pid for name, program in self.shop.house.programs.items()}
        return Meters(programs | self.ground.pids | {"load": self.generator.pid})

    def _keep(self, load: str, size: Size, run: Run, cpu: dict[str, float], concurrency: int = AT_ONCE) -> None:
        used = {process: spent for process, spent in cpu.items() if spent > 0}
        self.of(load, size, concurrency).runs.append(replace(run, cpu=used))
