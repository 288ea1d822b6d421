"""Faults by the dice: kill -9 and SIGSTOP of anything, and once the broker's whole store wiped."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from devstack.house import House
from devstack.services import PROCESSES

SERVERS = ("nats", "postgres")
LONGEST_FREEZE = 6.0  # seconds


class Faults:
    """Breaks something every second or so, whether or not what it broke before is back already."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._broken: dict[str, asyncio.Task[None]] = {}

    async def run(self, seconds: float) -> None:
        """Break things for so many seconds, the store half-way; return when everything is back."""
        loop = asyncio.get_running_loop()
        begun, wiped = loop.time(), False
        while loop.time() - begun < seconds:
            if not wiped and loop.time() - begun > seconds / 2:
                wiped = self._break("nats", self._wipe)
            else:
                self._one()
            await asyncio.sleep(self.random.uniform(0.5, 1.5))
        await asyncio.gather(*self._broken.values())

    def _one(self) -> None:
        name = self.random.choice(PROCESSES) if self.random.random() < 0.7 else self.random.choice(SERVERS)
        self._break(name, self._kill if self.random.random() < 0.6 else self._freeze)

    def _break(self, name: str, how: Callable[[str], Coroutine[Any, Any, None]]) -> bool:
        """Begin to break a program, unless it is still broken from before."""
        if name in self._broken and not self._broken[name].done():
            return False
        self._broken[name] = asyncio.create_task(how(name))
        return True

    async def _kill(self, name: str) -> None:
        self.done[f"kill {name}"] += 1
        await self.house.kill(name)
        await asyncio.sleep(self.random.uniform(0, 0.5))
        await self.house.restart(name)

    async def _freeze(self, name: str) -> None:
        self.done[f"freeze {name}"] += 1
        self.house.pause(name)
        await asyncio.sleep(self.random.uniform(1, LONGEST_FREEZE))
        self.house.resume(name)

    async def _wipe(self, name: str) -> None:
        self.done["wipe the broker's store"] += 1
        await self.house.nats.wipe()
