"""Whatever happens to stock, in whatever order: the figures add up, and no order waits beside goods that are free."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.tests.samples import Shop, drift
from services.catalog.tests.stocking import (
    adjusts,
    cancels,
    confirms,
    counts,
    holding,
    level,
    opens,
    receives,
    sells_ahead,
    transfers,
)
from shared.contracts.catalog.stock import HeldQuote, SellAhead
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem

STEPS = 40
PLACES = ("main", "near", "far")


class Stockroom:
    """A variant in three warehouses, and the orders of it that were held, lost or confirmed."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self.shop, self.chance = shop, chance
        self.held: list[HeldQuote] = []
        self.placed: list[HeldQuote] = []

    def some(self, most: int = 6) -> int:
        return self.chance.randint(1, most)

    async def step(self) -> None:
        ways: list[Callable[[], Awaitable[object]]] = [
            lambda: receives(self.shop, self.some(), self.chance.choice(PLACES)),
            lambda: adjusts(self.shop, self.chance.choice((-1, 1)) * self.some(), self.chance.choice(PLACES)),
            lambda: counts(self.shop, self.some() - 1, self.chance.choice(PLACES)),
            lambda: transfers(self.shop, self.some(), *self.chance.sample(PLACES, 2)),
            lambda: sells_ahead(self.shop, self.chance.choice((None, 0, 3, 9)), low_at=Decimal(3)),
            lambda: sells_ahead(self.shop, 0, ahead=SellAhead.NONE),
            self.hold,
            self.hold,
            self.confirm,
            self.confirm,
            self.confirm_lost,
            self.cancel,
        ]
        with suppress(Problem):  # a refusal changes nothing
            await self.chance.choice(ways)()

    async def hold(self) -> None:
        self.held.append(await holding(self.shop, self.some()))

    async def confirm(self) -> None:
        if self.held:
            quote = self.held.pop(self.chance.randrange(len(self.held)))
            await confirms(self.shop, quote)
            self.placed.append(quote)

    async def confirm_lost(self) -> None:
        if self.held:
            lost = self.held[-1].model_copy(update={"order_id": new_id()})
            await confirms(self.shop, lost)
            self.placed.append(lost)

    async def cancel(self) -> None:
        orders = self.held if self.chance.random() < 0.3 else self.placed
        if orders:
            await cancels(self.shop, orders.pop(self.chance.randrange(len(orders))))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_stock_adds_up(shop: Shop, connection: AsyncConnection, seed: int) -> None:
    room = Stockroom(shop, random.Random(seed))
    await shop.sells("chair", on_hand=3)
    await opens(shop, "near", priority=2)
    await opens(shop, "far", priority=1)

    for _ in range(STEPS):
        await room.step()
        assert await drift(connection) == []

    for quote in room.held + room.placed:
        await cancels(shop, quote)
    left = await level(shop)
    assert (left.reserved, sum(each.allocated for each in left.warehouses)) == (0, 0)
    assert await drift(connection) == []
