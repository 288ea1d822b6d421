"""One run of a load, and the repetitions of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple


class Spread(NamedTuple):
    """The smallest, the middle and the largest of some repetitions."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of at least one value."""
        return cls(min(values), median(values), max(values))


@dataclass(frozen=True)
class Run:
    """One run. Latencies in milliseconds; `refused` counts answers other than 2xx by status; `cpu` is filled later.

    `cpu`: milliseconds of processor time per operation, by process.
    """

    operations: int
    seconds: float
    p50: float
    p95: float
    p99: float
    slowest: float
    refused: Mapping[str, int] = field(default_factory=dict)
    cpu: Mapping[str, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Return operations completed per second."""
        return self.operations / self.seconds if self.seconds else 0.0

    @property
    def cpu_sum(self) -> float:
        """Return milliseconds of processor time per operation, without what only stands in for the world outside."""
        return sum(value for name, value in self.cpu.items() if name not in OUTSIDE)


OUTSIDE = frozenset({"load", "mailbox"})
"""The generator is a client, and the mailbox somebody else's mail server."""


def summary(latencies: Sequence[float], seconds: float, refused: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return the fields of a Run from latencies in seconds."""
    ordered = sorted(latencies)
    return {
        "operations": len(ordered),
        "seconds": seconds,
        **{name: percentile(ordered, share) * 1000 for name, share in SHARES.items()},
        "refused": dict(refused or {}),
    }


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "slowest": 1.0}


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that this share of a sorted sequence does not exceed; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


@dataclass
class Series:
    """The repetitions of one load at one concurrency."""

    name: str
    concurrency: int
    runs: list[Run] = field(default_factory=list)

    def spread(self, read: Callable[[Run], float]) -> Spread:
        """Return the spread of one figure over the repetitions."""
        return Spread.of([read(run) for run in self.runs])

    def share_of(self, floor: "Series") -> Spread:
        """Return this rate over the floor's, each against the floor of the same minute."""
        pairs = zip(self.runs, floor.runs, strict=False)
        return Spread.of([mine.per_second / limit.per_second for mine, limit in pairs])

    @property
    def refused(self) -> dict[str, int]:
        """Return answers other than 2xx by status, over all repetitions."""
        total: dict[str, int] = {}
        for run in self.runs:
            for status, count in run.refused.items():
                total[status] = total.get(status, 0) + count
        return total
