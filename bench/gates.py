"""What the figures are held against. Only counts decide the exit status: no noisy machine can move them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devstack.services import PROCESSES

if TYPE_CHECKING:
    from bench.report import Report

STRAY = 0.05  # requests per operation that a sweeper of its own accord may have sent meanwhile


@dataclass(frozen=True)
class Gate:
    """One figure and its bound; `counts`: it is a count, and decides. `goal`: what we would like."""

    name: str
    what: str
    figure: float
    bound: float
    unit: str = ""
    at_most: bool = True
    counts: bool = False
    goal: float | None = None

    @property
    def met(self) -> bool:
        """Tell whether the figure keeps its bound."""
        return self.figure <= self.bound if self.at_most else self.figure >= self.bound

    @property
    def off(self) -> float:
        """Return by how many percent of the bound the figure lies on the wrong side of it; 0 where it keeps it."""
        if self.met:
            return 0.0
        return abs(self.figure - self.bound) / self.bound * 100 if self.bound else 100.0


def judged(report: "Report") -> list[Gate]:
    """Return every gate with its figure."""
    return [
        *_counts(report),
        *_reads(report),
        *_orders(report),
        *_overload(report),
        *_commission(report),
        *_house(report),
    ]


def _counts(report: "Report") -> Iterator[Gate]:
    budget = (("list", "a list of 20 products", 3, 1), ("get", "one product", 2, 1), ("place", "an order", 18, 3))
    for name, what, statements, asks in budget:
        counted = report.counts[name]
        yield Gate("G11", f"SQL statements of {what}", round(counted.requests, 2), statements, counts=True)
        yield Gate("G11", f"NATS requests of {what}", round(counted.asks - STRAY, 2), asks, counts=True)
    truth = report.truth
    yield Gate("G4", "answers refused in all loads", truth.refused, 0, counts=True)
    yield Gate(
        "G4", "orders acknowledged but not kept, or the reverse", abs(truth.kept - truth.acknowledged), 0, counts=True
    )
    yield Gate("G4", "invariants of the services that do not hold", len(truth.drifts), 0, counts=True)
    yield Gate("G6", "orders without exactly two commissions and two mails", truth.not_once, 0, counts=True)


def _reads(report: "Report") -> Iterator[Gate]:
    for name, gate, what in (("list", "G1", "a list of 20"), ("get", "G2", "one product")):
        share = report.of(name).share_of(report.of("chain")).middle
        yield Gate(gate, f"{what}, of the one-row chain's rate", share, 0.3, "×", at_most=False, goal=0.5)


def _orders(report: "Report") -> Iterator[Gate]:
    share = report.of("place").share_of(report.of("place12")).middle
    yield Gate("G4", "placing an order, of place12's rate", share, 0.1, "×", at_most=False, goal=0.2)
    for name, what in (("place", "an order placed"), ("sale", "an order from nothing")):
        spent = report.of(name).spread(lambda run: run.cpu_sum).middle
        yield Gate("G4", f"CPU of {what}, all that follows included", spent, 20, "ms", goal=15)


def _overload(report: "Report") -> Iterator[Gate]:
    for name, what in (("list", "a list"), ("place", "an order")):
        crowd = report.of(name, 32)
        kept = crowd.share_of(report.of(name)).middle
        yield Gate("G5", f"{what} at c32, of its rate at c8", kept, 0.9, "×", at_most=False)
        tail = crowd.spread(lambda run: run.p99 / run.p50 if run.p50 else 0.0).middle
        yield Gate("G5", f"{what} at c32, p99 over p50", tail, 5, "×")


def _commission(report: "Report") -> Iterator[Gate]:
    hop = report.of("hop", 1).spread(lambda run: run.p50).middle
    floor = report.of("hop floor", 1).spread(lambda run: run.p50).middle
    tail = report.of("hop", 1).spread(lambda run: run.p99).middle
    yield Gate("G6", "confirmed to commission booked, p50", hop, 10, "ms")
    yield Gate("G6", "the same, over the NOTIFY floor's p50", hop / floor, 4, "×", goal=2)
    yield Gate("G6", "its p99, over the NOTIFY floor's p50", tail / floor, 10, "×")
    drained = report.trials.drained / report.trials.floor_drained
    yield Gate("G6", "a backlog's drain, of the floor's rate", drained, 0.5, "×", at_most=False)


def _house(report: "Report") -> Iterator[Gate]:
    last = {name: report.memory[name][-1] for name in PROCESSES}
    largest = max(last, key=lambda name: last[name])
    yield Gate("G8", f"PSS of the largest process ({largest})", last[largest], 80, "MiB")
    warm, end = (sum(report.memory[name][at] for name in PROCESSES) for at in (1, -1))
    yield Gate("G8", "growth of all from the first round to the last", (end / warm - 1) * 100, 10, "%")
    start = report.spread_of_starts("with .pyc").middle
    yield Gate("G9", "start to first answer, data there", start, 7.2, "s", goal=3.7)
