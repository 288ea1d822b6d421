"""What the house's processes say of themselves: SQL statements by part, and requests over NATS."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from devstack.house import House
from devstack.services import SERVICES

STATEMENTS, ASKS = "courtier_sql_statements_total", "courtier_asks_total"


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


async def read(house: House) -> Counts:
    """Add up what every process has counted."""
    async with httpx.AsyncClient(timeout=5) as http:
        ports = [house.ports[service.name] for service in SERVICES]
        pages = await asyncio.gather(*(http.get(f"http://127.0.0.1:{port}/metrics") for port in ports))
    statements: defaultdict[str, float] = defaultdict(float)
    asks = 0.0
    for page in pages:
        for family in text_string_to_metric_families(page.text):
            for sample in family.samples:
                if sample.name == STATEMENTS:
                    statements[sample.labels["scope"]] += sample.value
                elif sample.name == ASKS:
                    asks += sample.value
    return Counts(dict(statements), asks)
