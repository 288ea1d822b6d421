"""What the house's processes say of themselves: SQL statements and NATS requests, from their /metrics."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

SERVICES = ("identity", "catalog", "customers", "orders", "agents", "notifications", "gateway")


@dataclass(frozen=True)
class Counts:
    """Counted since the processes began: statements of requests alone, and requests sent over NATS."""

    statements: float
    asks: float

    def since(self, before: "Counts", times: int) -> tuple[float, float]:
        """Return statements and asks per operation since another reading."""
        return (self.statements - before.statements) / times, (self.asks - before.asks) / times


async def read(house: Any) -> Counts:
    """Add up what every process has counted."""
    async with httpx.AsyncClient(timeout=5) as http:
        pages = await asyncio.gather(*(http.get(f"http://127.0.0.1:{house.ports[name]}/metrics") for name in SERVICES))
    samples = [
        sample for page in pages for family in text_string_to_metric_families(page.text) for sample in family.samples
    ]
    statements = sum(
        one.value
        for one in samples
        if one.name == "courtier_sql_statements_total" and one.labels.get("scope") == "request"
    )
    asks = sum(one.value for one in samples if one.name == "courtier_asks_total")
    return Counts(statements, asks)


async def violations(house: Any) -> float:
    """Return how often NATS refused a process something."""
    async with httpx.AsyncClient(timeout=5) as http:
        pages = await asyncio.gather(*(http.get(f"http://127.0.0.1:{house.ports[name]}/metrics") for name in SERVICES))
    return sum(
        sample.value
        for page in pages
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
        if sample.name == "courtier_nats_violations_total"
    )


def lines(shop: Any, service: str) -> list[dict[str, Any]]:
    """Return what a service has logged: one JSON object on each line, whatever happens."""
    return [json.loads(line) for line in (shop.house.logs / f"{service}.log").read_text().splitlines()]
