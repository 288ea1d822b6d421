"""The plans that PostgreSQL really used for hot requests: no growing table may be read from one end to the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.catalogue.rounds import BROWSES, Bench
from bench.catalogue.sizes import IN_USE
from devstack.house import House

GROWING = frozenset({"products", "variants", "base_prices", "price_rows", "stocks", "public_prices"})
ENOUGH = 50_000
"""So many variants make PostgreSQL choose as it does in a large shop; below that reading all may well be quickest."""
TIMES = 60  # of each request: a statement's plan is another once it has been prepared for long
WATCHED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A growing table that a load's statement read whole, and how that statement begins."""

    load: str
    table: str
    statement: str


async def scans(bench: Bench) -> list[Scan]:
    """Ask for everything that is hot in the largest shop while PostgreSQL writes down its plans."""
    size, house = bench.wardrobe.largest, bench.shop.house
    await _watch(
        house, "LOAD 'auto_explain'", *(f"ALTER DATABASE {IN_USE} SET {k} = '{v}'" for k, v in WATCHED.items())
    )
    await bench.wardrobe.put_on(size)
    await bench.shop.sign_in()
    log, found = house.logs / "postgres.log", dict[Scan, None]()
    for load in bench.loads(size):
        bench.tell(f"plans of {load}")
        if load in BROWSES:  # what is remembered is read once after each change of a product, however it is read
            await bench.remember(load, size)
        written = log.stat().st_size
        await bench.ask(load, size, TIMES)
        found |= dict.fromkeys(Scan(load, *one) for plan in _plans(log, written) for one in _read_whole(plan))
    await _watch(house, *(f"ALTER DATABASE {IN_USE} RESET {name}" for name in WATCHED))
    await bench.wardrobe.put_on(size)
    return list(found)


async def _watch(house: House, *statements: str) -> None:
    connection = await asyncpg.connect(house.postgres.url(database=IN_USE, driver="postgresql"))
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _plans(log: Path, start: int) -> Iterator[dict[str, Any]]:
    """Yield the plans in a part of the log: each begins after a line that ends in "plan:", indented by a tab."""
    plan: list[str] = []
    with log.open(encoding="utf-8", errors="replace") as lines:
        lines.seek(start)
        for line in lines:
            if line.startswith("\t"):
                plan.append(line)
                continue
            yield from _parsed(plan)
            plan = []
    yield from _parsed(plan)


def _parsed(lines: list[str]) -> Iterator[dict[str, Any]]:
    if lines and lines[0].strip() == "{":
        yield json.loads("".join(lines))


def _read_whole(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    statement = " ".join(plan["Query Text"].split())[:120]
    for node in _nodes(plan["Plan"]):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
            yield node["Relation Name"], statement


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
