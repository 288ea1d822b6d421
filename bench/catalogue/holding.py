"""Holds: HoldItems asked over NATS as orders asks it, many at a time.

Straight, and not by placing orders: an order's own work and its letters would be measured with it. As a program
(`python -m bench.catalogue.holding`) it answers each line of JSON with a Run, until its input ends.
"""

import asyncio
import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import nats
import uvloop

from bench.catalogue import deals, goods
from bench.catalogue.goods import Kind, id_of, sku_of
from bench.catalogue.shop import BUYERS, Shop
from bench.children import Child
from bench.runs import Run, summary
from devstack.house import House
from shared.contracts.catalog.stock import HoldItems, HoldLine
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.messaging.origin import Origin
from shared.messaging.rpc import RpcClient

COLD = 1_000
HOT = 51
OUT_OF_STOCK = "OUT_OF_STOCK"
RESERVED = "SELECT reserved FROM stocks WHERE variant_id = $1"


@dataclass
class Holding:
    """What came of the last pieces: how many holds were made, refused for want of goods, and written down."""

    made: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    reserved: list[int] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Tell whether each piece was held once, each time, and all other buyers were told that none is left."""
        few = int(goods.FEW)
        return {*self.made, *self.reserved} == {few} and set(self.refused) == {BUYERS - few}


class Holder:
    """Asks for holds by a process of its own, in the name of orders."""

    def __init__(self, child: Child, house: House) -> None:
        self._child, self._house = child, house
        self._scarce = (number for number in goods.SCARCE if deals.is_plain(number))

    @classmethod
    @asynccontextmanager
    async def of(cls, house: House) -> AsyncIterator["Holder"]:
        """Run it beside a house."""
        environment = {"BENCH_NATS": house.nats.url, "BENCH_PASSWORD": house.nats.password("orders")}
        async with Child.of("bench.catalogue.holding", **environment) as child:
            yield cls(child, house)

    async def run(self, kind: str, shop: Shop, connections: int, **until: float) -> Run:
        """Hold one piece after another: of one "hot" variant, or of a thousand "cold" ones.

        `until`: so many `seconds`, or `times`.
        """
        numbers = [HOT] if kind == "hot" else list(_plain(COLD))
        return await self._ask(shop, numbers, connections, **until)

    async def last_pieces(self, shop: Shop, holding: Holding) -> None:
        """Let twenty buyers want the last five pieces at once."""
        number = next(self._scarce)
        run = await self._ask(shop, [number], BUYERS, times=BUYERS)
        catalog = await asyncpg.connect(self._house.postgres.url(database="catalog", driver="postgresql"))
        reserved = await catalog.fetchval(RESERVED, id_of(Kind.VARIANT, number))
        await catalog.close()
        holding.made.append(run.operations)
        holding.refused.append(run.refused.get(OUT_OF_STOCK, 0))
        holding.reserved.append(int(reserved))

    async def _ask(self, shop: Shop, numbers: Sequence[int], connections: int, **until: float) -> Run:
        asked = {"skus": [sku_of(number) for number in numbers], "customers": [str(id_) for id_ in shop.buyers]}
        token = shop.tokens["agent"].removeprefix("Bearer ")
        return await self._child.ask(**asked, token=token, connections=connections, **until)


class Load:
    """One job under way: so many callers, each asking again as soon as it has its answer."""

    def __init__(self, nc: Any, job: dict[str, Any]) -> None:
        self._nc, self._token = nc, job["token"]
        self._seconds, self._times = job.get("seconds"), job.get("times")
        self._connections: int = job["connections"]
        self._skus, self._customers = itertools.cycle(job["skus"]), itertools.cycle(job["customers"])
        self._begun, self._started = 0, perf_counter()
        self._latencies: list[float] = []
        self._refused: Counter[str] = Counter()

    async def run(self) -> dict[str, Any]:
        await asyncio.gather(*(self._caller() for _ in range(self._connections)))
        return summary(self._latencies, perf_counter() - self._started, self._refused)

    async def _caller(self) -> None:
        while not self._over():
            self._begun += 1
            before = perf_counter()
            try:
                await RpcClient(self._nc, Origin(token=self._token))(self._command())
            except Problem as problem:
                self._refused[problem.code] += 1
            else:
                self._latencies.append(perf_counter() - before)

    def _over(self) -> bool:
        late = self._seconds is not None and perf_counter() - self._started >= self._seconds
        return late or (self._times is not None and self._begun >= self._times)

    def _command(self) -> HoldItems:
        line = HoldLine(sku=next(self._skus), quantity=Decimal(1))
        return HoldItems(order_id=new_id(), customer_id=UUID(next(self._customers)), currency="EUR", lines=[line])


def _plain(count: int) -> Iterator[int]:
    """Yield numbers of goods of which plenty are there and any number can be taken."""
    numbers = (number for number in itertools.count(HOT + 1) if deals.is_plain(number))
    return itertools.islice(numbers, count)


async def main() -> None:
    """Answer jobs until there are no more."""
    nc = await nats.connect(
        os.environ["BENCH_NATS"], user="orders", password=os.environ["BENCH_PASSWORD"], inbox_prefix="_INBOX_orders"
    )
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await Load(nc, json.loads(line)).run()), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
