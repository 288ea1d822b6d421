"""Faults by the dice: kill -9 and SIGSTOP of anything, and once the broker's whole store wiped."""

import asyncio
import random
from collections import Counter

from devstack.house import House

SERVICES = ("identity", "catalog", "customers", "orders", "agents", "notifications", "gateway")
SERVERS = ("nats", "postgres")
LONGEST_FREEZE = 6.0  # seconds


class Faults:
    """Breaks one thing every second or two; what it broke is back before it breaks the next."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()

    async def run(self, seconds: float) -> None:
        """Break things for so many seconds; the store is wiped half-way."""
        loop = asyncio.get_running_loop()
        begun, wiped = loop.time(), False
        while loop.time() - begun < seconds:
            if not wiped and loop.time() - begun > seconds / 2:
                await self._wipe()
                wiped = True
            await self._one()
            await asyncio.sleep(self.random.uniform(0.5, 2.0))

    async def _one(self) -> None:
        name = self.random.choice(SERVICES) if self.random.random() < 0.7 else self.random.choice(SERVERS)
        if self.random.random() < 0.6:
            self.done[f"kill {name}"] += 1
            await self.house.kill(name)
            await asyncio.sleep(self.random.uniform(0, 0.5))
            await self.house.restart(name)
        else:
            self.done[f"freeze {name}"] += 1
            self.house.pause(name)
            await asyncio.sleep(self.random.uniform(1, LONGEST_FREEZE))
            self.house.resume(name)

    async def _wipe(self) -> None:
        self.done["wipe the broker's store"] += 1
        await self.house.nats.wipe()
