"""The story of a sale, told on the containers: by the integration tests, and what takes two gateways besides."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from shared.kernel.ids import new_id
from tests.compose.project import ROOT
from tests.compose.report import Report
from tests.compose.storm import Stack

HEARD_WITHIN = 20.0  # seconds
SALE = ("test_sale_to_commission.py", "test_walls.py")
ACCOUNTS = ("test_accounts.py",)


def told(stack: Stack, folder: Path, report: Report, chapters: Sequence[str]) -> None:
    """Run chapters of tests/integration on this house; each test is a promise."""
    where = folder / "stack.json"
    accounts = [asdict(login) for login in stack.logins.values()]
    where.write_text(json.dumps({"url": stack.gateways[0], "mailbox": stack.mailbox, "accounts": accounts}))
    results = folder / "story.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={results}"]
    files = [f"tests/integration/{chapter}" for chapter in chapters]
    environment = os.environ | {"STACK_FILE": str(where)}
    done = subprocess.run([*command, *files], cwd=ROOT, env=environment, capture_output=True, text=True)
    if not results.exists():
        report.check("the story is told", [done.stdout[-2000:] + done.stderr[-2000:]])
        return
    for case in ElementTree.parse(results).iter("testcase"):
        if case.find("skipped") is None:
            faults = [*case.findall("failure"), *case.findall("error")]
            report.check(_sentence(case), [str(fault.get("message")) for fault in faults])
    results.unlink()


def _sentence(case: ElementTree.Element) -> str:
    return str(case.get("name")).removeprefix("test_").replace("_", " ")


async def heard_elsewhere(stack: Stack) -> list[str]:
    """Place an order by one gateway while staff listens at the other; return what of its life was not heard."""
    admin, agent = await stack.signed_in("admin", gateway=-1), await stack.signed_in("paul", gateway=0)
    customer = (await agent.get("/v1/customers"))["items"][0]["id"]
    body = {"customer_id": customer, "lines": [{"sku": "THE-100", "quantity": 1}]}
    wanted = {"orders.order_confirmed.v1"}
    try:
        async with asyncio.timeout(HEARD_WITHIN), admin.http.stream("GET", "/v1/events?types=orders.*") as stream:
            order = await agent.create("/v1/orders", str(new_id()), body)
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    event = json.loads(line.removeprefix("data:"))
                    wanted -= {event["type"]} if event["aggregate_id"] == order["id"] else set()
                if not wanted:
                    return []
    except TimeoutError:
        pass
    return [f"{kind} was not heard within {HEARD_WITHIN:g} s" for kind in wanted]
