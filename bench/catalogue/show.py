"""The report as tables, for people."""

from collections.abc import Iterator

from rich.table import Table

from bench.catalogue.goods import FEW
from bench.catalogue.report import NAMES, Report
from bench.catalogue.rounds import Key
from bench.catalogue.shop import BUYERS
from bench.show import empty, median_of, spent, spread_of, tails, three, verdicts

PROCESSES = ("gateway", "catalog", "floor", "nats", "postgres", "all", "load")


def tables(report: Report) -> Iterator[Table]:
    """Yield every table."""
    yield _rates(report)
    yield _costs(report)
    yield _rest(report)
    if report.scans:
        yield _scans(report)
    yield verdicts(report.gates)


def _rates(report: Report) -> Table:
    title = "Rates: min / median / max of the repetitions; growth is that of the CPU since the size before"
    table = empty(title, "", "variants", "lists", "at once", "per second", "p50 ms", "p99 ms", "of floor", "growth")
    for (load, size), series in report.series.items():
        share = report.share(load, size)
        table.add_row(
            *(NAMES[load], f"{size.variants:,}", f"{size.lists:,}", str(series.concurrency)),
            *(spread_of(series, lambda run: run.per_second, 0), *tails(series)),
            *(f"{three(share, 2)} ×" if share else "", _growth(report, (load, size))),
        )
    return table


def _growth(report: Report, key: Key) -> str:
    load, size = key
    before = report.sizes[: report.sizes.index(size)]
    if not before or (load, before[-1]) not in report.series:
        return ""
    return f"{report.growth(load, size, before[-1]).middle:.2f} ×"


def _costs(report: Report) -> Table:
    title = "CPU per request in ms (user + sys, median; load is not in `all`), and what one request sends"
    table = empty(title, "", "variants", "lists", *PROCESSES, "SQL statements", "NATS requests")
    for (load, size), series in report.series.items():
        used = [median_of(series, spent(process)) for process in PROCESSES]
        counted = report.counts.get((load, size))
        sent = (f"{counted.requests:.2f}", f"{counted.asks:.2f}") if counted else ("", "")
        cells = (f"{ms:.2f}" if ms else "" for ms in used)
        table.add_row(NAMES[load], f"{size.variants:,}", f"{size.lists:,}", *cells, *sent)
    return table


def _rest(report: Report) -> Table:
    holding = report.holding
    table = empty("Prices without I/O, and the last pieces", "", "figure")
    table.add_row("lines priced per second of one core", f"{report.pure.alone:,.0f}")
    table.add_row("the same in quotes", f"{report.pure.quoted:,.0f}")
    table.add_row(f"{BUYERS} buyers for {FEW} pieces: held", " / ".join(map(str, holding.made)))
    table.add_row("told that none is left", " / ".join(map(str, holding.refused)))
    table.add_row("written down as reserved", " / ".join(map(str, holding.reserved)))
    for load, slowest in report.first.items():
        table.add_row(f"{NAMES[load]}: the slowest while nothing is remembered, ms", f"{slowest:,.0f}")
    return table


def _scans(report: Report) -> Table:
    table = empty("Growing tables that were read whole", "", "table", "statement")
    for scan in report.scans:
        table.add_row(NAMES[scan.load], scan.table, scan.statement)
    return table
