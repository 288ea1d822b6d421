"""Compares what the shop booked with what the CSV files say it must be."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

from rich.table import Table

from courtier.client import Api
from examples.northwind.data import Northwind
from examples.northwind.expectation import Expectation
from examples.northwind.shop import Shop

PATIENCE = 60.0  # seconds the last commission may take to be booked


@dataclass
class Booked:
    """Amounts in euros by employee id, as the commission ledger has them."""

    commission: dict[str, Decimal] = field(default_factory=dict)
    override: dict[str, Decimal] = field(default_factory=dict)

    def total(self) -> Decimal:
        """Return everything booked."""
        return sum((*self.commission.values(), *self.override.values()), Decimal(0))


async def booked(admin: Api, shop: Shop, expected: Expectation) -> Booked:
    """Return the ledger once it holds what is expected, or as it stands when patience ends."""
    wanted = sum((*expected.commission.values(), *expected.override.values()), Decimal(0))
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        total = sum([await _accrued(admin, agent_id) for agent_id in shop.agents.values()], Decimal(0))
        if total == wanted or asyncio.get_running_loop().time() > deadline:
            return await _ledger(admin, shop)
        await asyncio.sleep(0.5)


async def _accrued(admin: Api, agent_id: str) -> Decimal:
    balances = (await admin.get(f"/v1/agents/{agent_id}/statement"))["balances"]
    return sum((Decimal(one["accrued"]["amount"]) + Decimal(one["earned"]["amount"]) for one in balances), Decimal(0))


async def _ledger(admin: Api, shop: Shop) -> Booked:
    found = Booked()
    for employee_id, agent_id in shop.agents.items():
        own = over = Decimal(0)
        async for entry in admin.every("/v1/commissions", agent_id=agent_id, kind="accrued"):
            amount = Decimal(entry["amount"]["amount"])
            own, over = (own + amount, over) if entry["level"] == 0 else (own, over + amount)
        found.commission[employee_id], found.override[employee_id] = own, over
    return found


def table(data: Northwind, expected: Expectation, found: Booked, accepted: list[Decimal]) -> tuple[Table, Decimal]:
    """Return the report, and the drift: the sum of all differences, which must be 0.00."""
    drift = abs(sum(accepted, Decimal(0)) - expected.net)
    sums = f"Line totals {sum(accepted, Decimal(0)):,.2f}, in the CSV {expected.net:,.2f}."
    report = Table(title=f"{len(accepted)} of {len(data.orders)} orders accepted", caption=sums)
    report.add_column("Employee", no_wrap=True)
    # Two words, so that eighty columns hold them one below the other.
    for name in ("Commission booked", "Commission recomputed", "Override booked", "Override recomputed", "Drift"):
        report.add_column(name, justify="right")
    for id_, employee in data.employees.items():
        own, over = found.commission[id_], found.override[id_]
        wanted, wanted_over = expected.commission[id_], expected.override[id_]
        gap = abs(own - wanted) + abs(over - wanted_over)
        drift += gap
        report.add_row(employee.name, *(f"{amount:,.2f}" for amount in (own, wanted, over, wanted_over, gap)))
    drift += Decimal(len(data.orders) - len(accepted))
    return report, drift
