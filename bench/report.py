"""Everything one run of the bench found."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.gates import Gate
from bench.runs import Series, Spread
from bench.trials import Trials
from devstack.measured import Counts


@dataclass
class Truth:
    """Whether the books agree after everything: orders acknowledged and kept, commissions and mails, invariants."""

    acknowledged: int
    kept: int
    not_once: int
    refused: int
    drifts: list[str]


@dataclass
class Report:
    """One run. `others`: the share of the machine that programs not of ours used, while the house was measured.

    `idle`: milliseconds of processor time per second of a house nobody uses. `memory`: MiB by process, after the start
    with its demo data, after the first round and after the last. `starts`: seconds, by whether .pyc files were there.
    """

    machine: dict[str, str | int | float]
    series: list[Series]
    counts: dict[str, Counts]
    trials: Trials
    truth: Truth
    idle: dict[str, float]
    memory: dict[str, tuple[float, ...]]
    first_start: float
    starts: dict[str, list[float]]
    others: float = 0.0
    seconds: float = 0.0
    gates: list[Gate] = field(default_factory=list)

    def of(self, name: str, concurrency: int = 8) -> Series:
        """Return the repetitions of a load."""
        return next(one for one in self.series if (one.name, one.concurrency) == (name, concurrency))

    def spread_of_starts(self, kind: str) -> Spread:
        """Return the seconds of the starts of one kind."""
        return Spread.of(self.starts[kind])

    def as_json(self) -> dict[str, Any]:
        """Return all of it for programs."""
        verdicts = [asdict(gate) | {"met": gate.met} for gate in self.gates]
        rates = {
            f"{one.name} c{one.concurrency}": one.spread(lambda run: run.per_second)._asdict() for one in self.series
        }
        return asdict(self) | {"gates": verdicts, "per_second": rates}
