"""`make bench` (`python -m bench`): the house against this machine's own limits, in one run of a few minutes."""

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import gates, machine, show, starting
from bench.books import HEARERS, Books
from bench.children import Child
from bench.floors.laying import ground
from bench.report import Report, Truth
from bench.rounds import Bench, Tell
from bench.shop import Shop, opened
from bench.trials import undergo
from devstack import wiping

IDLE_SECONDS = 3.0
STARTS = (True, False, True, False, True)  # whether .pyc files are there
QUIET_LOAD, QUIET_OTHERS = 1.5, 0.1
app = typer.Typer(pretty_exceptions_enable=False)
progress = Console(stderr=True)


@app.command()
def main(
    rounds: Annotated[int, typer.Option(min=1, help="Repetitions of each load and its floor.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Measure the house. Fails only when a count is missed, never for a time."""
    with progress.status("") as status:
        report = asyncio.run(measured(rounds, lambda doing: status.update(doing)))
    if as_json:
        typer.echo(json.dumps(report.as_json(), default=str))
    else:
        _print(report)
    raise typer.Exit(any(gate.counts and not gate.met for gate in report.gates))


async def measured(rounds: int, tell: Tell) -> Report:
    """Measure a house of its own, gone at the end."""
    began, facts = time.monotonic(), machine.description()
    with tempfile.TemporaryDirectory(prefix="courtier-bench-") as folder:
        data = Path(folder) / "house"
        starting.keep_compiled(Path(folder) / "pyc")
        try:
            report = await _lived(rounds, data, tell)
            for compiled in STARTS:
                kind = "with .pyc" if compiled else "without .pyc"
                tell(f"start {kind}")
                report.starts.setdefault(kind, []).append(await starting.start_once(data, compiled=compiled))
        finally:
            wiping.wipe(data)
    report.machine = facts
    report.gates = gates.judged(report)
    report.seconds = time.monotonic() - began
    return report


async def _lived(rounds: int, data: Path, tell: Tell) -> Report:
    tell("start")
    began = time.monotonic()
    async with (
        Child.of("bench.generator") as generator,
        opened(data, generator, tell) as shop,
        ground(shop.house, data.parent) as floors,
        Books.of(shop.house) as books,
    ):
        bench = Bench(shop, floors, books, generator, tell)
        return await _worked(bench, rounds, shop.ready_at - began)


async def _worked(bench: Bench, rounds: int, first_start: float) -> Report:
    await bench.books.at_rest()
    idle = await _idle(bench)
    memory = [_memory(bench.shop)]
    bench.tell("counts")
    await bench.count()
    everyone, ours, began = machine.busy_seconds(), machine.our_seconds(), time.monotonic()
    for _ in range(rounds):
        await bench.round()
        memory.append(_memory(bench.shop))
    cores = float(machine.description()["cores"]) * (time.monotonic() - began)
    others = (machine.busy_seconds() - everyone - (machine.our_seconds() - ours)) / cores
    trials = await undergo(bench)
    truth = await _truth(bench)
    sizes = {name: tuple(reading[name] for reading in (memory[0], memory[1], memory[-1])) for name in memory[0]}
    return Report({}, list(bench.series.values()), bench.counts, trials, truth, idle, sizes, first_start, {}, others)


async def _idle(bench: Bench) -> dict[str, float]:
    bench.tell("nobody there")
    meters, before = bench.meters, bench.meters.cpu()
    await asyncio.sleep(IDLE_SECONDS)
    return {name: ms / IDLE_SECONDS for name, ms in meters.since(before, 1).items()}


def _memory(shop: Shop) -> dict[str, float]:
    return {name: machine.pss(program.process.pid) for name, program in shop.house.programs.items()}


async def _truth(bench: Bench) -> Truth:
    bench.tell("the books")
    sales = await bench.books.sales(0)
    drifts = []
    for service in ("orders", *HEARERS):
        found = await bench.shop.admin.get(f"/v1/operations/{service}/drift")
        drifts += [f"{service}: {drift['check']}: {drift['detail']}" for drift in found["drifts"]]
    not_once = sum(not sale.once for sale in sales)
    return Truth(bench.ordered, len(sales), not_once, bench.refused, drifts)


def _print(report: Report) -> None:
    console = Console(width=max(Console().width, 150))
    facts = report.machine
    console.print(
        f"{facts['processor']}, {facts['cores']} cores, {facts['system']}, Python {facts['python']}. "
        f"{report.seconds:.0f} s; load before {facts['load_before']}, others used {report.others:.0%} of the machine"
        + ("." if _quiet(report) else ": not a quiet machine, trust CPU and ratios, not rates.")
    )
    for table in show.tables(report):
        console.print(table)
    starts = "; ".join(
        f"{kind} {'/'.join(f'{s:.1f}' for s in sorted(times))} s" for kind, times in report.starts.items()
    )
    console.print(f"Start to first answer: {starts}; from nothing, with databases made: {report.first_start:.1f} s.")
    for drift in report.truth.drifts:
        console.print(drift, style="red", markup=False)


def _quiet(report: Report) -> bool:
    return float(report.machine["load_before"]) < QUIET_LOAD and report.others < QUIET_OTHERS


if __name__ == "__main__":
    app()
