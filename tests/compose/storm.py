"""Replicas killed and servers restarted while orders are placed, paid and cancelled; then what came of every order."""

import asyncio
import time
from dataclasses import dataclass

import httpx
from docker.models.containers import Container

from courtier.client import Api
from devstack.logins import DemoLogin
from shared.testing import eventually
from tests.chaos.verdict import judge, quiet, stock
from tests.chaos.workload import Caller, History, Workload
from tests.compose import containers
from tests.compose.project import Project
from tests.compose.report import Report

KILLED = ("orders", "catalog", "agents")
GOES_ON_WITHIN = 60.0  # seconds until orders are acknowledged again; a machine busy with other things is slow
HEALTHY_WITHIN = 120.0
QUIET_WITHIN = 120.0
GRACE = 25  # seconds, as docker-compose.yml says
ENOUGH = 5  # orders acknowledged after a fault prove that selling goes on
SEED = 1
CALLERS = {"paul": 0, "clerk": -1}  # who calls, and by which gateway


@dataclass
class Stack:
    """Where the house is reached, and who signs in."""

    gateways: list[str]
    mailbox: str
    logins: dict[str, DemoLogin]

    async def signed_in(self, who: str, gateway: int = 0) -> Api:
        """Return a caller of one of the gateways."""
        api = Api(self.gateways[gateway])
        await api.sign_in(self.logins[who].email, self.logins[who].password)
        return api


class Storm:
    """Faults by the list, under load: the agent's orders come in by one gateway, the clerk's acts by the other."""

    def __init__(self, project: Project, stack: Stack, report: Report) -> None:
        self.project, self.stack, self.report = project, stack, report
        self.history = History()
        self.callers: dict[str, Caller] = {}

    async def run(self) -> None:
        """Break things one by one, then compare the house with what its callers were told."""
        admin = await self.stack.signed_in("admin")
        await quiet(admin, QUIET_WITHIN)
        async with httpx.AsyncClient() as http:  # the mails that are counted are the storm's
            await http.delete(f"{self.stack.mailbox}/messages")
        before = await _well_stocked(admin)
        workload = await self._workload()
        working = asyncio.create_task(workload.run())
        begun = time.monotonic()
        try:
            await self._goes_on("orders are placed")
            await self._faults()
        finally:
            workload.stopping.set()
            await working
        self.report.figures["load and faults (s)"] = f"{time.monotonic() - begun:.0f}"
        unanswered = await workload.settle(60)
        self.report.check("every ask was answered in the end", [f"{unanswered} were not"] if unanswered else [])
        await self._verdict(await self.stack.signed_in("admin"), before)

    async def _workload(self) -> Workload:
        for who, gateway in CALLERS.items():
            self.callers[who] = Caller(self.stack.gateways[gateway], "", self.history)
        await self._sign_in()
        agent = await self.stack.signed_in("paul")
        customers = [one["id"] for one in (await agent.get("/v1/customers"))["items"]]
        return Workload(self.callers["paul"], self.callers["clerk"], customers, self.history, SEED)

    async def _sign_in(self) -> None:
        """Give the callers new tokens: on a slow machine a storm outlasts one."""
        for who, caller in self.callers.items():
            api = await self.stack.signed_in(who)
            caller.http.headers["Authorization"] = api.http.headers["Authorization"]
            await api.http.aclose()

    async def _faults(self) -> None:
        for service in KILLED:
            for container in self.project.replicas(service):  # one after the other: the leader is among them
                await asyncio.to_thread(container.kill)
                await self._goes_on(f"{container.name} is killed")
                await asyncio.to_thread(container.start)
                await self._back(container)
            await self._sign_in()
        leaving = self.project.replicas("orders")[0]
        await asyncio.to_thread(leaving.stop, timeout=GRACE)
        ended = leaving.wait()["StatusCode"]
        self.report.check(
            "a replica told to stop under load ends with 0", [f"{leaving.name} ended with {ended}"] if ended else []
        )
        await self._goes_on(f"{leaving.name} has left")
        await asyncio.to_thread(leaving.start)
        await self._back(leaving)
        crashing = self.project.replicas("catalog")[0]
        self.report.check(
            "a process that ends by itself is started again",
            await asyncio.to_thread(containers.comes_back, crashing, HEALTHY_WITHIN),
        )
        await self._back(crashing)
        for server in ("nats", "postgres"):
            await asyncio.to_thread(self.project.replicas(server)[0].restart, timeout=GRACE)
            await self._goes_on(f"{server} is restarted")
            await self._back(*self.project.containers())

    async def _goes_on(self, fault: str) -> None:
        begun, wanted = time.monotonic(), len(self.history.placed) + ENOUGH

        async def enough() -> None:
            assert len(self.history.placed) >= wanted, f"fewer than {ENOUGH} orders in {GOES_ON_WITHIN:g} s"

        late: list[str] = []
        try:
            await eventually(enough, GOES_ON_WITHIN)
        except AssertionError as few:
            late.append(str(few))
        self.report.check(f"{fault}: orders go on, {ENOUGH} in {time.monotonic() - begun:.1f} s", late)

    async def _back(self, *these: Container) -> None:
        late = await asyncio.to_thread(self.project.healthy, these, HEALTHY_WITHIN)
        if late:
            self.report.check("what was broken is healthy again", late)

    async def _verdict(self, admin: Api, before: dict[str, float]) -> None:
        after = await quiet(admin, QUIET_WITHIN)
        self.report.check(
            "every event is heard and every job done", [] if after is not None else [f"not within {QUIET_WITHIN:g} s"]
        )
        verdict = await judge(admin, self.history, self.stack.mailbox, before)
        self.report.check("nothing that was acknowledged is lost", verdict.lost)
        self.report.check("nothing happened twice", verdict.doubled)
        self.report.check("orders, stock, commissions, mails and invariants agree: drift 0", verdict.wrong)
        placed = self.history.placed.values()
        self.report.figures |= {
            "orders acknowledged": str(len(placed)),
            "of them paid, cancelled": f"{sum(one.paid for one in placed)}, {sum(one.cancelled for one in placed)}",
            "refusals": str(dict(self.history.refused) or 0),
            "asks repeated": str(self.history.retries),
            "quiet after (s)": "never" if after is None else f"{after:.1f}",
            "mails, sent again": f"{verdict.mails}, {verdict.repeated_mails}",
            "lost, doubled, wrong": f"{len(verdict.lost)}, {len(verdict.doubled)}, {len(verdict.wrong)}",
        }


async def _well_stocked(admin: Api) -> dict[str, float]:
    for sku in await stock(admin):
        receipt = {"sku": sku, "quantity": 100_000, "reference": "For the storm"}
        await admin.create("/v1/stock/receipts", f"storm-{sku}", receipt)
    return await stock(admin)
