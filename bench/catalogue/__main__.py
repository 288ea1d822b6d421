"""`make bench-catalogue` (`python -m bench.catalogue`): the catalogue as it grows, in one run of several minutes."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import machine
from bench.catalogue import plans, pricing, report, show
from bench.catalogue.deals import OWN_LISTS
from bench.catalogue.holding import Holder
from bench.catalogue.report import Report
from bench.catalogue.rounds import Bench
from bench.catalogue.shop import Tell, opened
from bench.catalogue.sizes import Size, filled, sizes
from bench.children import Child
from bench.floors.laying import ground
from devstack import wiping

QUIET_LOAD, QUIET_OTHERS = 1.5, 0.1
app = typer.Typer(pretty_exceptions_enable=False)
progress = Console(stderr=True)


@app.command()
def main(
    variants: Annotated[int, typer.Option(min=2_000, help="Variants of the large shop.")] = 100_000,
    lists: Annotated[int, typer.Option(min=OWN_LISTS, help="Price lists of the shop with many.")] = 2_000,
    rounds: Annotated[int, typer.Option(min=1, max=30, help="Repetitions of each load and its floor.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Measure the catalogue. Fails only when a count is missed, never for a time."""
    with progress.status("") as status:
        found = asyncio.run(measured(sizes(variants, lists), rounds, lambda doing: status.update(doing)))
    if as_json:
        typer.echo(json.dumps(found.as_json(), default=str))
    else:
        _print(found)
    raise typer.Exit(any(gate.counts and not gate.met for gate in found.gates))


async def measured(wanted: Sequence[Size], rounds: int, tell: Tell) -> Report:
    """Measure a house of its own, gone at the end."""
    began, facts = time.monotonic(), machine.description()
    tell("prices without I/O")
    pure = pricing.measured()
    with tempfile.TemporaryDirectory(prefix="courtier-bench-") as folder:
        data = Path(folder) / "house"
        try:
            async with _ready(data, wanted, tell) as bench:
                others = await _worked(bench, rounds)
                scans = await plans.scans(bench)
                for _ in range(rounds):
                    await bench.last_pieces()
        finally:
            wiping.wipe(data)
    found = Report(
        machine=facts,
        sizes=tuple(wanted),
        series=bench.series,
        counts=bench.counts,
        pure=pure,
        holding=bench.holding,
        scans=scans,
        refused=bench.refused,
        first=bench.first,
        others=others,
    )
    found.gates = report.judged(found)
    found.seconds = time.monotonic() - began
    return found


@asynccontextmanager
async def _ready(data: Path, wanted: Sequence[Size], tell: Tell) -> AsyncIterator[Bench]:
    async with (
        Child.of("bench.generator") as generator,
        opened(data, tell) as shop,
        ground(shop.house, data.parent) as floors,
        Holder.of(shop.house) as holder,
    ):
        yield Bench(shop, await filled(shop, wanted, tell), floors, generator, holder, tell)


async def _worked(bench: Bench, rounds: int) -> float:
    """Go through the rounds; return the share of the machine that others used meanwhile."""
    everyone, ours, began = machine.busy_seconds(), machine.our_seconds(), time.monotonic()
    for _ in range(rounds):
        await bench.round()
    cores = float(machine.description()["cores"]) * (time.monotonic() - began)
    return (machine.busy_seconds() - everyone - (machine.our_seconds() - ours)) / cores


def _print(found: Report) -> None:
    console = Console(width=max(Console().width, 170))
    facts = found.machine
    quiet = float(facts["load_before"]) < QUIET_LOAD and found.others < QUIET_OTHERS
    console.print(
        f"{facts['processor']}, {facts['cores']} cores, {facts['system']}, Python {facts['python']}. "
        f"{found.seconds:.0f} s; load before {facts['load_before']}, others used {found.others:.0%} of the machine"
        + ("." if quiet else ": not a quiet machine, trust CPU and ratios, not rates.")
    )
    for table in show.tables(found):
        console.print(table)


if __name__ == "__main__":
    app()
