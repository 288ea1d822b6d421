"""The house under measurement: the demo shop with a thousand products more, its people signed in."""

import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.children import Child
from bench.generator import KEY, Job
from courtier.client import Api
from devstack import demo, logins
from devstack.house import House
from devstack.logins import DemoLogin
from devstack.migrations import migrate
from devstack.services import SERVICES

PRODUCTS = 1000
SEED = 20
UNLIMITED = {"COURTIER_READS_PER_MINUTE": "0", "COURTIER_WRITES_PER_MINUTE": "0"}
PEOPLE = ("admin", "clerk", "helene", "paul", "lucie", "marc", "chloe", "ines")  # in the order of devstack/demo.py
SEEDERS = 4


@dataclass
class Shop:
    """A running house, who is in it and what it sells."""

    house: House
    people: Mapping[str, DemoLogin]
    admin: Api
    customer_id: str
    product_ids: tuple[str, ...]
    tokens: dict[str, str]
    ready_at: float

    @property
    def port(self) -> int:
        """Where the gateway listens."""
        return self.house.ports["gateway"]

    async def sign_in(self) -> None:
        """Sign everyone in anew: a token lasts ten minutes, and a busy machine may take longer."""
        for who in ("paul", "lucie"):
            async with Api(self.house.urls["gateway"]) as api:
                await api.sign_in(self.people[who].email, self.people[who].password)
                self.tokens[who] = api.http.headers["Authorization"]
        await self.admin.sign_in(self.people["admin"].email, self.people["admin"].password)

    def lists(self) -> list[list[str]]:
        """Return the operation "a list of 20 at the customer's prices"."""
        return [[self._request("GET", "/v1/products?limit=20", "lucie")]]

    def gets(self) -> list[list[str]]:
        """Return the operation "one product at the customer's price", over all products."""
        return [[self._request("GET", f"/v1/products/{id_}", "lucie")] for id_ in self.product_ids]

    def placements(self) -> list[list[str]]:
        """Return the operation "an agent places an order of three lines for a customer", over many products."""
        return [[self._order(dice)] for dice in self._dice()]

    def sales(self) -> list[list[str]]:
        """Return the operation "an agent finds the customer, sees the catalogue at their prices, and orders"."""
        find = self._request("GET", f"/v1/customers?q={self.people['lucie'].email}", "paul")
        catalogue = self._request("GET", f"/v1/products?limit=20&customer_id={self.customer_id}", "paul")
        return [[find, catalogue, self._order(dice)] for dice in self._dice()]

    def _dice(self) -> list[random.Random]:
        return [random.Random(SEED + number) for number in range(500)]

    def _order(self, dice: random.Random) -> str:
        skus = dice.sample(range(PRODUCTS), 3)
        lines = [{"sku": sku_of(number), "quantity": 1} for number in skus]
        return self._request("POST", "/v1/orders", "paul", {"customer_id": self.customer_id, "lines": lines})

    def _request(self, method: str, path: str, who: str, body: Any = None) -> str:
        return request(method, path, self.tokens[who], body)


def request(method: str, path: str, authorization: str, body: Any = None) -> str:
    """Return a request as the load generator sends it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {authorization}"]
    text = "" if body is None else json.dumps(body)
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    if method == "POST":
        lines.append(f"Idempotency-Key: {KEY.decode()}")
    return "\r\n".join([*lines, "", text])


def sku_of(number: int) -> str:
    """Return the SKU of a seeded product."""
    return f"BENCH-{number:04}"


async def prepare(house: House) -> None:
    """Migrate, once PostgreSQL remembers when each transaction was committed: the measure of an event's way."""
    system = await asyncpg.connect(house.postgres.url(driver="postgresql"))
    await system.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await system.close()
    await house.postgres.restart()
    await migrate(house)


@asynccontextmanager
async def opened(data: Path, generator: Child, tell: Callable[[str], None]) -> AsyncIterator[Shop]:
    """Run an empty house in `data`, with the demo shop, products and everyone signed in; its data stays."""
    house = House(data, environment=UNLIMITED, prepare=prepare)
    try:
        await house.start()
        ready_at = time.monotonic()
        tell("demo data and products")
        people = await _people(house)
        async with Api(house.urls["gateway"]) as admin:
            shop = Shop(house, people, admin, "", (), {}, ready_at)
            await shop.sign_in()
            found = await admin.get("/v1/customers", q=people["lucie"].email)
            shop.customer_id = str(found["items"][0]["id"])
            await _stock_up(shop, generator)
            await _analyze(house)
            yield shop
    finally:
        await house.stop()


async def _people(house: House) -> dict[str, DemoLogin]:
    """Load the demo shop as `make up` does, so that it can start on this data."""
    logins.begin(house.data_dir)
    accounts = await demo.load(house.urls["gateway"], house.secrets.get("bootstrap"))
    logins.remember(house.data_dir, accounts)
    return dict(zip(PEOPLE, accounts, strict=True))


async def _stock_up(shop: Shop, generator: Child) -> None:
    """Add products through the API, each with goods on stock and every second with a price for the customer's group."""
    groups = (await shop.admin.get("/v1/customer-groups"))["items"]
    reseller = next(group["id"] for group in groups if group["code"] == "reseller")
    admin = shop.admin.http.headers["Authorization"]
    operations = [_making(number, admin, reseller) for number in range(PRODUCTS)]
    seeded = await generator.run(Job(shop.port, operations, SEEDERS, times=PRODUCTS))
    if seeded.refused:
        raise RuntimeError(f"The products could not be made: {dict(seeded.refused)}")
    found = [product async for product in shop.admin.every("/v1/products")]
    shop.product_ids = tuple(product["id"] for product in found if product["name"].startswith("Product "))


def _making(number: int, admin: str, reseller: str) -> list[str]:
    """Return the requests that make one product."""
    sku = sku_of(number)
    variant = {"sku": sku, "base_price": _euros("12.50"), "tax_category": "standard"}
    product = {"name": f"Product {number}", "category_ids": [], "variants": [variant]}
    receipt = {"sku": sku, "quantity": 100_000, "reference": "Opening stock"}
    steps = [request("POST", "/v1/products", admin, product), request("POST", "/v1/stock/receipts", admin, receipt)]
    if number % 2:
        steps.append(request("PUT", f"/v1/prices/groups/{reseller}/{sku}", admin, {"unit_price": _euros("10.90")}))
    return steps


async def _analyze(house: House) -> None:
    """Let PostgreSQL look at what was loaded, as autovacuum will have done in a shop older than a minute."""
    for service in SERVICES:
        if service.database:
            connection = await asyncpg.connect(house.postgres.url(database=service.name, driver="postgresql"))
            await connection.execute("VACUUM ANALYZE")
            await connection.close()


def _euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}
