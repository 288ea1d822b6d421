"""What the books of the services say: how far background work is, when commissions were booked, whether all adds up."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from devstack.house import House

REST_SECONDS = 120.0
HEARERS = ("agents", "catalog", "notifications")
UNNUMBERED = "SELECT count(*) FROM outbox WHERE seq IS NULL"
LAST_EVENT = "SELECT last_seq FROM relay_state"
HEARD = "SELECT seq FROM cursors WHERE producer = 'orders'"
JOBS = "SELECT count(*) FROM jobs WHERE failed_at IS NULL AND key NOT LIKE '%:repeating'"
LAST_ORDER = "SELECT coalesce(max(number), 0) FROM orders"
CONFIRMED = """
    SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at FROM orders
    WHERE number > $1 ORDER BY number
"""
BOOKED = """
    SELECT order_id, level, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at FROM entries
    WHERE kind = 'accrued'
"""
MAILS = "SELECT order_id, count(*) AS mails FROM mails GROUP BY order_id"


@dataclass(frozen=True, slots=True)
class Sale:
    """An order, when it was confirmed and when its commissions were booked (Unix seconds of the commits)."""

    confirmed_at: float
    booked_at: tuple[float, ...]
    levels: tuple[int, ...]
    mails: int

    @property
    def took(self) -> float:
        """Return the seconds from confirmed to the last commission booked."""
        return max(self.booked_at) - self.confirmed_at

    @property
    def once(self) -> bool:
        """Tell whether seller and manager have one commission each, and customer and agent one mail each."""
        return sorted(self.levels) == [0, 1] and self.mails == 2


class Books:
    """Connections to the databases of the services that a sale passes."""

    def __init__(self, databases: dict[str, Any]) -> None:
        self._of = databases

    @classmethod
    @asynccontextmanager
    async def of(cls, house: House) -> AsyncIterator["Books"]:
        """Open them."""
        async with AsyncExitStack() as stack:
            databases = {}
            for name in ("orders", *HEARERS):
                dsn = house.postgres.url(database=name, driver="postgresql")
                databases[name] = await asyncpg.connect(dsn)
                stack.push_async_callback(databases[name].close)
            yield cls(databases)

    async def last_order(self) -> int:
        """Return the number of the newest order."""
        return int(await self._of["orders"].fetchval(LAST_ORDER))

    async def at_rest(self, hearers: Collection[str] = HEARERS) -> None:
        """Wait until every event of orders is heard and every mail has left."""
        deadline = time.monotonic() + REST_SECONDS
        while not await self._rests(hearers):
            if time.monotonic() > deadline:
                raise RuntimeError(f"The house is not at rest {REST_SECONDS:.0f} s after the last order.")
            await asyncio.sleep(0.1)

    async def sales(self, after: int) -> list[Sale]:
        """Return the sales with a number above `after`, oldest first."""
        entries: dict[Any, list[Any]] = {}
        for row in await self._of["agents"].fetch(BOOKED):
            entries.setdefault(row["order_id"], []).append(row)
        mails = Counter({row["order_id"]: row["mails"] for row in await self._of["notifications"].fetch(MAILS)})
        return [
            Sale(
                order["at"],
                tuple(row["at"] for row in entries.get(order["id"], ())),
                tuple(row["level"] for row in entries.get(order["id"], ())),
                mails[order["id"]],
            )
            for order in await self._of["orders"].fetch(CONFIRMED, after)
        ]

    async def _rests(self, hearers: Collection[str]) -> bool:
        orders = self._of["orders"]
        if await orders.fetchval(UNNUMBERED):
            return False
        last = await orders.fetchval(LAST_EVENT)
        heard = [await self._of[name].fetchval(HEARD) == last for name in hearers]
        waiting = [await self._of[name].fetchval(JOBS) for name in hearers]
        return all(heard) and not any(waiting)
