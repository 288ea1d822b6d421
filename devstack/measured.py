"""What the processes of a house measure of themselves: the pages they have for Prometheus, and sums over them."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from devstack.house import House

STATEMENTS, ASKS = "courtier_sql_statements_total", "courtier_asks_total"
VIOLATIONS = "courtier_nats_violations_total"


@dataclass(frozen=True)
class Counts:
    """Counted since the processes began. `statements`: by the part of a service that sent them; BEGIN, COMMIT apart."""

    statements: dict[str, float]
    asks: float

    def since(self, before: "Counts", operations: int) -> "Counts":
        """Return the counts per operation since another reading."""
        parts = self.statements.keys() | before.statements.keys()
        per_part = {
            part: (self.statements.get(part, 0) - before.statements.get(part, 0)) / operations for part in parts
        }
        return Counts(per_part, (self.asks - before.asks) / operations)

    @property
    def requests(self) -> float:
        """Return the statements of requests alone, which the budget limits."""
        return self.statements.get("request", 0.0)


async def pages(house: House) -> Mapping[str, str]:
    """Return each process's /metrics. The gateway's has a door of its own: it wants to see a token."""
    shown = {"Authorization": f"Bearer {house.secrets.get('metrics')}"}
    names = house.layout.names
    async with httpx.AsyncClient(timeout=5) as http:
        asked = (http.get(f"{house.urls[name]}/metrics", headers=shown) for name in names)
        answers = [answer.raise_for_status().text for answer in await asyncio.gather(*asked)]
    return dict(zip(names, answers, strict=True))


async def counts(house: House) -> Counts:
    """Add up the SQL statements and the requests over NATS that every process has counted."""
    statements: defaultdict[str, float] = defaultdict(float)
    asks = 0.0
    for sample in await _samples(house, STATEMENTS, ASKS):
        if sample.name == ASKS:
            asks += sample.value
        else:
            statements[sample.labels["scope"]] += sample.value
    return Counts(dict(statements), asks)


async def violations(house: House) -> float:
    """Return how often NATS refused a process something."""
    return sum(sample.value for sample in await _samples(house, VIOLATIONS))


async def _samples(house: House, *names: str) -> Sequence[Sample]:
    families = (family for page in (await pages(house)).values() for family in text_string_to_metric_families(page))
    return [sample for family in families for sample in family.samples if sample.name in names]
