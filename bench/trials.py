"""What happens once in a run: agents killed amid sales, and a backlog worked off."""

import asyncio
from dataclasses import dataclass, replace

from bench.books import Sale
from bench.floors.ground import rate
from bench.rounds import HOP_PACE, Bench

KILLED_AFTER, KILL_SECONDS = 1.0, 5.0
BACKLOG_SECONDS = 5.0
FLOOR_BACKLOG = 2000  # events


@dataclass
class Trials:
    """What came of them. `worst`: seconds that a commission took while agents was dead and came back."""

    killed: int
    worst: float
    backlog: int
    drained: float
    floor_drained: float


async def undergo(bench: Bench) -> Trials:
    """Kill agents once under a steady load, then let a backlog grow while it is dead."""
    killed = await _kill(bench)
    backlog, drained = await _drain(bench)
    bench.tell("the floor's backlog")
    floor = await bench.ground.drain(FLOOR_BACKLOG)
    return Trials(len(killed), max(sale.took for sale in killed), backlog, drained, floor)


async def _kill(bench: Bench) -> list[Sale]:
    bench.tell("agents killed amid sales")
    last, house = await bench.books.last_order(), bench.shop.house
    job = replace(bench.placements(KILL_SECONDS), connections=1, pace=HOP_PACE)
    selling = asyncio.create_task(bench.placed(job))
    await asyncio.sleep(KILLED_AFTER)
    await house.kill("agents")
    await house.restart("agents", ready=True)
    await selling
    await bench.books.at_rest()
    return await bench.books.sales(last)


async def _drain(bench: Bench) -> tuple[int, float]:
    bench.tell("a backlog for agents")
    last, house = await bench.books.last_order(), bench.shop.house
    await house.kill("agents")
    await bench.placed(bench.placements(BACKLOG_SECONDS))
    await bench.books.at_rest(("catalog", "notifications"))
    await house.restart("agents", ready=True)
    await bench.books.at_rest()
    sales = await bench.books.sales(last)
    return len(sales), rate(sorted(max(sale.booked_at) for sale in sales))
