"""The report as tables, for people."""

from collections.abc import Callable, Iterator

from rich.table import Table

from bench.gates import Gate
from bench.report import Report
from bench.runs import OUTSIDE, Run, Series, Spread
from devstack.services import PROCESSES

NAMES = {
    "echo": "NATS request (nats-py echo)",
    "row": "one row through SQLAlchemy",
    "commit": "one row committed",
    "chain": "one-row chain",
    "place12": "lean order (place12)",
    "hop floor": "NOTIFY floor of an event",
    "list": "G1 list of 20 products",
    "get": "G2 one product",
    "place": "G4 order placed",
    "sale": "G4 order from nothing",
    "hop": "G6 confirmed to commission",
}
FLOOR_OF = {"list": "chain", "get": "chain", "place": "place12", "sale": "place12"}
SERVERS = ("nats", "floor nats", "postgres")


def tables(report: Report) -> Iterator[Table]:
    """Yield every table."""
    yield _rates(report)
    yield _cpu(report)
    yield _counts(report)
    yield _ways(report)
    yield _memory(report)
    yield verdicts(report.gates)


def _rates(report: Report) -> Table:
    table = empty(
        "Rates: min / median / max of the repetitions", "", "at once", "per second", "p50 ms", "p99 ms", "of floor"
    )
    for one in report.series:
        if one.name.startswith("hop"):
            continue
        floor = FLOOR_OF.get(one.name)
        beside = next(
            (other for other in report.series if (other.name, other.concurrency) == (floor, one.concurrency)), None
        )
        share = three(one.share_of(beside), 2) + " ×" if beside else ""
        table.add_row(
            NAMES[one.name], str(one.concurrency), spread_of(one, lambda run: run.per_second, 0), *tails(one), share
        )
    return table


def _cpu(report: Report) -> Table:
    """Medians: the processes of ours that take part, each by name, and what they stand on."""
    columns = (
        "gateway",
        "catalog",
        "orders",
        "customers",
        "agents",
        "notifications",
        "floor",
        "nats",
        "postgres",
        "all",
        "load",
    )
    table = empty(
        "CPU per operation in ms (user + sys, median); load and mailbox are not in `all`", "", "at once", *columns
    )
    for one in report.series:
        if any(run.cpu for run in one.runs):
            used = [median_of(one, spent(column)) for column in columns]
            table.add_row(NAMES[one.name], str(one.concurrency), *(f"{ms:.2f}" if ms else "" for ms in used))
    idle = {name: ms for name, ms in report.idle.items() if name not in OUTSIDE and not name.startswith("floor")}
    shown = [idle.get(column, 0.0) for column in columns[:6]] + [
        0.0,
        idle["nats"],
        idle["postgres"],
        sum(idle.values()),
        0.0,
    ]
    table.add_row("nobody there, ms per second", "", *(f"{ms:.1f}" if ms else "" for ms in shown), style="dim")
    return table


def spent(column: str) -> Callable[[Run], float]:
    """Return how to read the CPU of a process, or of several together, from a run."""
    if column == "all":
        return lambda run: run.cpu_sum
    if column == "nats":
        return lambda run: run.cpu.get("nats", 0.0) + run.cpu.get("floor nats", 0.0)
    if column == "floor":
        return lambda run: sum(ms for name, ms in run.cpu.items() if name.startswith("floor") and name not in SERVERS)
    return lambda run: run.cpu.get(column, 0.0)


def _counts(report: Report) -> Table:
    parts = ("request", "relay", "pump", "jobs", "watch")
    table = empty("SQL statements and NATS requests per operation", "", *parts, "NATS requests")
    for name, counted in report.counts.items():
        cells = [f"{counted.statements.get(part, 0):.1f}" for part in parts]
        table.add_row(NAMES[name], *cells, f"{counted.asks:.2f}")
    return table


def _ways(report: Report) -> Table:
    table = empty("Events, ms from commit to commit", "", "p50", "p95", "p99", "slowest")
    for name in ("hop floor", "hop"):
        one = report.of(name, 1)
        figures = (lambda run: run.p50, lambda run: run.p95, lambda run: run.p99, lambda run: run.slowest)
        table.add_row(NAMES[name], *(spread_of(one, figure, 1) for figure in figures))
    trials = report.trials
    table.add_row(f"agents killed amid {trials.killed} orders", "", "", "", f"{trials.worst * 1000:.0f}")
    table.add_row(f"backlog of {trials.backlog}: events per second", f"{trials.drained:.0f}")
    table.add_row("the floor's", f"{trials.floor_drained:.0f}")
    return table


def _memory(report: Report) -> Table:
    table = empty("Memory, PSS in MiB", "", "started", "first round", "last round", "growth %")
    rows = {name: report.memory[name] for name in PROCESSES}
    rows["all seven"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    for name, sizes in {**rows, "nats": report.memory["nats"], "postgres": report.memory["postgres"]}.items():
        growth = (sizes[-1] / sizes[1] - 1) * 100
        table.add_row(name, *(f"{size:.0f}" for size in sizes), f"{growth:+.0f}")
    return table


def verdicts(gates: list[Gate]) -> Table:
    """Return figures beside their bounds."""
    table = empty("Gates; counts decide the exit status", "", "", "figure", "bound", "goal", "")
    for gate in gates:
        sign = "≤" if gate.at_most else "≥"
        verdict = "[green]met[/]" if gate.met else f"[red]missed by {gate.off:.0f} %[/]"
        goal = "" if gate.goal is None else f"{gate.goal:g}"
        kind = " (count)" if gate.counts else ""
        table.add_row(
            gate.name, gate.what + kind, f"{gate.figure:.4g} {gate.unit}", f"{sign} {gate.bound:g}", goal, verdict
        )
    return table


def empty(title: str, *columns: str) -> Table:
    """Return a table without rows; the columns of words have no name."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, justify="left" if not column else "right", no_wrap=True)
    return table


def tails(one: Series) -> tuple[str, str]:
    """Return the middle and the end of the latencies, in milliseconds."""
    return spread_of(one, lambda run: run.p50, 1), spread_of(one, lambda run: run.p99, 1)


def spread_of(one: Series, read: Callable[[Run], float], digits: int) -> str:
    """Return the least, the middle and the most of a figure over the repetitions."""
    return three(one.spread(read), digits)


def median_of(one: Series, read: Callable[[Run], float]) -> float:
    """Return the middle of a figure over the repetitions."""
    return one.spread(read).middle


def three(spread: Spread, digits: int) -> str:
    """Return a spread as text."""
    return " / ".join(f"{value:.{digits}f}" for value in spread)
