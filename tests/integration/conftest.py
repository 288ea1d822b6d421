"""The whole house, as `make up` starts it, with the demo shop loaded and everyone signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from courtier.client import Api
from devstack import demo
from devstack.house import House
from devstack.logins import DemoLogin
from shared.kernel.ids import new_id


@dataclass
class Shop:
    """A running house and its people, each a signed-in caller of the API."""

    house: House
    url: str
    logins: dict[str, DemoLogin]
    people: dict[str, Api]

    @property
    def mailbox(self) -> str:
        return self.house.urls["mailbox"]

    async def mails(self, to: str) -> list[dict[str, Any]]:
        async with httpx.AsyncClient() as http:
            found: list[dict[str, Any]] = (await http.get(f"{self.mailbox}/messages", params={"to": to})).json()
            return found

    async def customer_id(self, who: str) -> str:
        found = await self.people["admin"].get("/v1/customers", q=self.logins[who].email)
        return str(found["items"][0]["id"])


# Who is who in devstack/demo.py, in the order it returns them.
PEOPLE = ("admin", "clerk", "helene", "paul", "lucie", "marc", "chloe")


# Everybody here comes from one address and is in a hurry.
UNLIMITED = {f"COURTIER_{kind}_PER_MINUTE": "0" for kind in ("READS", "WRITES", "SIGN_INS")}


@asynccontextmanager
async def opened(**options: Any) -> AsyncIterator[Shop]:
    """Run a house with the demo shop loaded and everyone signed in; options as for House."""
    async with House.temporary(environment=UNLIMITED, **options) as house:
        url = house.urls["gateway"]
        accounts = await demo.load(url, house.secrets.get("bootstrap"))
        people = {}
        for name, login in zip(PEOPLE, accounts, strict=True):
            people[name] = Api(url)
            await people[name].sign_in(login.email, login.password)
        people["visitor"] = Api(url)
        yield Shop(house, url, dict(zip(PEOPLE, accounts, strict=True)), people)
        for person in people.values():
            await person.http.aclose()


@pytest.fixture(scope="session")
async def shop() -> AsyncIterator[Shop]:
    async with opened() as running:
        yield running


@pytest.fixture(scope="module")
async def frail() -> AsyncIterator[Shop]:
    """Yield a shop of its own, for tests that break things: two replicas of orders and of catalog."""
    async with opened(replicas={"orders": 2, "catalog": 2}) as running:
        yield running


@pytest.fixture
def key() -> dict[str, str]:
    """An Idempotency-Key header nobody used before."""
    return {"Idempotency-Key": str(new_id())}
