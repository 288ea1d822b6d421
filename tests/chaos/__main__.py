"""`make chaos`: a seeded storm over the whole house under load; prints seed and figures, fails when anything is off."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from courtier.client import Api
from devstack import demo
from devstack.house import House
from tests.chaos.faults import Faults
from tests.chaos.verdict import Verdict, judge, quiet, stock
from tests.chaos.workload import Caller, History, Workload

QUIET_WITHIN = 60.0  # seconds
console = Console()


@dataclass
class Report:
    """What a storm came to."""

    history: History
    faults: int
    unanswered: int
    quiet_after: float | None
    verdict: Verdict


def main(
    seed: Annotated[int | None, typer.Option(help="The storm to repeat; a new one otherwise.")] = None,
    seconds: Annotated[float, typer.Option(help="How long things are broken.")] = 120,
) -> None:
    """Break the house for a while under load; then count what was lost or doubled."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    console.print(f"Seed {seed}, {seconds:g} s of faults.")
    report = asyncio.run(storm(seed, seconds))
    console.print(_table(report))
    for sentence in (*report.verdict.lost, *report.verdict.doubled, *report.verdict.wrong)[:20]:
        console.print(f"[red]{sentence}[/]")
    fine = report.verdict.clean and not report.unanswered and report.quiet_after is not None
    console.print(f"{int(fine)} passed, {int(not fine)} failed")
    raise typer.Exit(0 if fine else 1)


async def storm(seed: int, seconds: float) -> Report:
    """Run one storm on a house of its own."""
    quick = {"COURTIER_READS_PER_MINUTE": "0", "COURTIER_WRITES_PER_MINUTE": "0"}
    async with House.temporary(environment=quick, supervised=False) as house:
        url = house.urls["gateway"]
        accounts = await demo.load(url, house.secrets.get("bootstrap"))
        admin, agent, clerk = Api(url), Api(url), Api(url)
        for api, login in ((admin, accounts[0]), (clerk, accounts[1]), (agent, accounts[3])):
            await api.sign_in(login.email, login.password)
        before = await _well_stocked(admin)
        history = History()
        customers = [one["id"] for one in (await agent.get("/v1/customers"))["items"]]
        tokens = [str(api.http.headers["Authorization"]).removeprefix("Bearer ") for api in (agent, clerk)]
        workload = Workload(*(Caller(url, token, history) for token in tokens), customers, history, seed)
        faults = Faults(house, seed)
        working = asyncio.create_task(workload.run())
        await faults.run(seconds)
        workload.stopping.set()
        await working
        unanswered = await workload.settle(30)
        quiet_after = await quiet(admin, QUIET_WITHIN)
        verdict = await judge(admin, history, house.urls["mailbox"], before)
        return Report(history, faults.done.total(), unanswered, quiet_after, verdict)


async def _well_stocked(admin: Api) -> dict[str, float]:
    for sku in await stock(admin):
        receipt = {"sku": sku, "quantity": 100_000, "reference": "For the storm"}
        await admin.create("/v1/stock/receipts", f"chaos-{sku}", receipt)
    return await stock(admin)


def _table(report: Report) -> Table:
    table = Table("figure", "value", title="After the storm")
    placed = report.history.placed.values()
    for name, value in (
        ("faults", report.faults),
        ("orders acknowledged", len(placed)),
        ("of them paid", sum(one.paid for one in placed)),
        ("of them cancelled", sum(one.cancelled for one in placed)),
        ("refusals", dict(report.history.refused)),
        ("asks repeated", report.history.retries),
        ("asks never answered", report.unanswered),
        ("quiet after (s)", None if report.quiet_after is None else round(report.quiet_after, 1)),
        ("mails, by id", report.verdict.mails),
        ("mails sent again", report.verdict.repeated_mails),
        ("lost", len(report.verdict.lost)),
        ("doubled", len(report.verdict.doubled)),
        ("otherwise wrong", len(report.verdict.wrong)),
    ):
        table.add_row(name, str(value))
    return table


if __name__ == "__main__":
    typer.run(main)
