"""The whole house, as `make up` starts it, with the demo shop loaded and everyone signed in.

With STACK_FILE in the environment, a house that stands elsewhere instead, its demo shop loaded: the file is JSON with
the gateway's `url`, the `mailbox`'s, and the demo `accounts`. `tests/compose` tells its story so.
"""

import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from courtier.client import Api
from devstack import demo
from devstack.house import House
from devstack.logins import DemoLogin
from shared.kernel.ids import new_id
from tests.integration import abroad


@dataclass
class Shop:
    """A running house and its people, each a signed-in caller of the API."""

    url: str
    mailbox: str
    logins: dict[str, DemoLogin]
    people: dict[str, Api]
    processes: House | None = None

    @property
    def house(self) -> House:
        """The processes behind the gateway; a test that looks at them is skipped where they run elsewhere."""
        return self.processes or pytest.skip("this house runs elsewhere: its processes are out of reach")

    async def mails(self, to: str) -> list[dict[str, Any]]:
        async with httpx.AsyncClient() as http:
            found: list[dict[str, Any]] = (await http.get(f"{self.mailbox}/messages", params={"to": to})).json()
            return found

    async def customer_id(self, who: str) -> str:
        found = await self.people["admin"].get("/v1/customers", q=self.logins[who].email)
        return str(found["items"][0]["id"])


# Who is who in devstack/demo.py, in the order it returns them.
PEOPLE = ("admin", "clerk", "helene", "paul", "lucie", "marc", "chloe", "ines")


# Everybody here comes from one address and is in a hurry.
UNLIMITED = {f"COURTIER_{kind}_PER_MINUTE": "0" for kind in ("READS", "WRITES", "SIGN_INS")}


ELSEWHERE = json.loads(Path(os.environ["STACK_FILE"]).read_text()) if "STACK_FILE" in os.environ else None


@asynccontextmanager
async def opened(**options: Any) -> AsyncIterator[Shop]:
    """Run a house with the demo shop loaded and everyone signed in; options as for House."""
    async with House.temporary(environment=UNLIMITED, **options) as house:
        url = house.urls["gateway"]
        accounts = await demo.load(url, house.secrets.get("bootstrap"))
        async with entered(url, house.urls["mailbox"], map(asdict, accounts)) as shop:
            shop.processes = house
            yield shop


@asynccontextmanager
async def entered(url: str, mailbox: str, accounts: Iterable[Mapping[str, str]]) -> AsyncIterator[Shop]:
    """Sign everyone in to a house that runs."""
    logins = {name: DemoLogin(**account) for name, account in zip(PEOPLE, accounts, strict=True)}
    people = {name: Api(url) for name in (*PEOPLE, "visitor")}
    for name, login in logins.items():
        await people[name].sign_in(login.email, login.password)
    yield Shop(url, mailbox, logins, people)
    for person in people.values():
        await person.http.aclose()


@pytest.fixture(scope="session")
async def shop() -> AsyncIterator[Shop]:
    async with entered(**ELSEWHERE) if ELSEWHERE else opened() as running:
        yield running


@pytest.fixture(scope="session")
async def spare() -> AsyncIterator[Shop]:
    if ELSEWHERE:
        pytest.skip("this house is not ours to break")
    async with opened(replicas={"orders": 2, "catalog": 2}) as running:
        yield running


@pytest.fixture(scope="session")
async def elsewhere() -> AsyncIterator[abroad.Shop]:
    """Yield a shop that trusts another issuer and sends its traces."""
    if ELSEWHERE:
        pytest.skip("this house is not ours to set up")
    async with abroad.opened(UNLIMITED) as running:
        yield running


@pytest.fixture
async def frail(spare: Shop) -> AsyncIterator[Shop]:
    """Yield a shop to break things in, with two replicas of orders and of catalog; what stays broken is put back."""
    yield spare
    for name, program in spare.house.programs.items():
        if not program.process.running:
            await spare.house.restart(name, ready=True)


@pytest.fixture
def key() -> dict[str, str]:
    """An Idempotency-Key header nobody used before."""
    return {"Idempotency-Key": str(new_id())}
