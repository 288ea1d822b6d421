"""Everything one run found, and what it is held against. Only counts decide the exit status."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.catalogue.holding import Holding
from bench.catalogue.plans import ENOUGH, Scan
from bench.catalogue.pricing import Priced
from bench.catalogue.rounds import BROWSES, LISTS, LONG, SEARCHES, SHORT, Key
from bench.catalogue.sizes import Size
from bench.gates import STRAY, Gate
from bench.runs import Run, Series, Spread
from devstack.measured import Counts

LIST_NAMES = {
    "warm": "list of 20, the same few pages",
    "spread": "list of 20, pages at random",
}
NAMES = LIST_NAMES | {
    "anew": "list of 20, at random, no memory",
    "chain": "one-row chain",
    "one": "one product",
    "words": "search: a word with facets",
    "prefix": "search: half a word",
    "typo": "search: a typing error",
    "browse": "browse with facets",
    "branch": "browse a category with facets",
    "price": "sorted by own price, with facets",
    "short": f"quote of {SHORT} lines",
    "long": f"quote of {LONG} lines",
    "commit for hot": "one row committed",
    "commit for cold": "one row committed",
    "hot": "holds on one variant",
    "cold": "holds on a thousand variants",
}
FLOOR_OF = {
    **dict.fromkeys((*LISTS, "one", *SEARCHES, *BROWSES), "chain"),
    "hot": "commit for hot",
    "cold": "commit for cold",
}


@dataclass
class Report:
    """One run, by load and size. `others`: the share of the machine that programs not of ours used.

    `first`: of what is remembered, the milliseconds that the slowest request took while it was not yet, by load.
    """

    machine: Mapping[str, str | int | float]
    sizes: tuple[Size, ...]
    series: Mapping[Key, Series]
    counts: Mapping[Key, Counts]
    pure: Priced
    holding: Holding
    scans: list[Scan]
    refused: int
    first: Mapping[str, float] = field(default_factory=dict)
    others: float = 0.0
    seconds: float = 0.0
    gates: list[Gate] = field(default_factory=list)

    def share(self, load: str, size: Size) -> Spread | None:
        """Return a load's rate over that of its floor, if it has one."""
        floor = FLOOR_OF.get(load)
        return self.series[load, size].share_of(self.series[floor, size]) if floor else None

    def growth(self, load: str, size: Size, since: Size) -> Spread:
        """Return the processor time of a request over that in another size of the shop, round by round."""
        pairs = zip(self.series[load, size].runs, self.series[load, since].runs, strict=True)
        return Spread.of([now.cpu_sum / then.cpu_sum for now, then in pairs if then.cpu_sum] or [0.0])

    def times(self, load: str, other: str, size: Size) -> float:
        """Return how many times as long as another load one takes, from the rates of the same rounds."""
        return self.series[other, size].share_of(self.series[load, size]).middle

    def as_json(self) -> dict[str, Any]:
        """Return all of it for programs."""
        loads = [
            {
                "load": load,
                **size._asdict(),
                "per_second": series.spread(lambda run: run.per_second)._asdict(),
                "of_floor": share._asdict() if (share := self.share(load, size)) else None,
                "counts": asdict(self.counts[load, size]) if (load, size) in self.counts else None,
                **asdict(series),
            }
            for (load, size), series in self.series.items()
        ]
        told = ("machine", "refused", "first", "others", "seconds")
        parts = {name: asdict(part) for name, part in (("pure", self.pure), ("holding", self.holding))}
        verdicts = [asdict(gate) | {"met": gate.met} for gate in self.gates]
        scans = [asdict(scan) for scan in self.scans]
        return (
            {name: getattr(self, name) for name in told}
            | parts
            | {
                "scans": scans,
                "loads": loads,
                "gates": verdicts,
            }
        )


def judged(report: Report) -> list[Gate]:
    """Return every gate with its figure."""
    return [*_counts(report), *_lists(report), *_growth(report), *_searches(report), *_prices(report)]


def _counts(report: Report) -> Iterator[Gate]:
    for name, loads, statements in (("a list of 20", LISTS, 3), ("one product", ("one",), 2)):
        counted = [report.counts[load, size] for load in loads for size in report.sizes]
        most = max(one.requests for one in counted)
        yield Gate("G11", f"SQL statements of {name}, the most", round(most - STRAY, 2), statements, counts=True)
        asks = max(one.asks for one in counted)
        yield Gate("G11", f"NATS requests of {name}, the most", round(asks - STRAY, 2), 1, counts=True)
    for load in BROWSES:
        sent = report.counts[load, report.sizes[-1]].requests
        yield Gate("G11", f"SQL statements of {NAMES[load]}", round(sent - STRAY, 2), 3, counts=True)
    short, long = (report.counts[load, report.sizes[-1]].requests for load in ("short", "long"))
    what = f"SQL statements that a quote of {LONG} lines has more than one of {SHORT}"
    yield Gate("G3", what, round(long - short, 2), 0, counts=True)
    wrong = 0 if report.holding.exact else 1
    yield Gate("CA", "twenty buyers, five pieces: rounds without exactly five holds", wrong, 0, counts=True)
    yield Gate("CA", "answers refused in all loads", report.refused, 0, counts=True)
    if report.sizes[-1].variants >= ENOUGH:
        whole = len({(scan.table, scan.statement) for scan in report.scans})
        yield Gate("G10", "hot statements that read a growing table whole", whole, 0, counts=True)


def _lists(report: Report) -> Iterator[Gate]:
    size = report.sizes[-1]
    for gate, loads in (("G1", LISTS), ("G2", ("one",))):
        for load in loads:
            share = report.share(load, size)
            assert share is not None
            yield Gate(gate, f"{NAMES[load]}, of the chain's rate", share.middle, 0.3, "×", at_most=False, goal=0.5)


def _growth(report: Report) -> Iterator[Gate]:
    for since, size in zip(report.sizes, report.sizes[1:], strict=False):
        for load in ("warm", "anew"):
            grown = report.growth(load, size, since).middle
            yield Gate("G10", f"CPU of {NAMES[load]}: {since} to {size}", grown, 1.5, "×")


def _searches(report: Report) -> Iterator[Gate]:
    for load in (*SEARCHES, *BROWSES):
        longer = report.times(load, "warm", report.sizes[-1])
        yield Gate("CA", f"{NAMES[load]}, over {NAMES['warm']}", longer, 3, "×")


def _prices(report: Report) -> Iterator[Gate]:
    what = "lines priced per second of one core, no I/O"
    yield Gate("G3", what, report.pure.alone, 20_000, at_most=False)
    yield Gate("G3", f"the same, as quotes of {LONG} lines", report.pure.quoted, 20_000, at_most=False)
    middles = [_middle(report.series[load, report.sizes[-1]]) for load in ("long", "short")]
    yield Gate("G3", f"p50 of {NAMES['long']}, over {NAMES['short']}", middles[0] / (middles[1] or 1.0), 5, "×")


def _middle(series: Series) -> float:
    return series.spread(_p50).middle


def _p50(run: Run) -> float:
    return run.p50
