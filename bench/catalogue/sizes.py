"""The same shop in several sizes: a database each, of which catalog runs on one at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg

from bench.catalogue.deals import OWN_LISTS
from bench.catalogue.seeding import Seed
from bench.catalogue.shop import Shop, Tell
from devstack.house import House
from devstack.server import Server

FEW = 1_000
IN_USE, LOOKS_KEPT = "catalog", "COURTIER_LOOKS_KEPT"
TRIES = 100
LIKE_THE_FIRST = (
    'REVOKE ALL ON DATABASE "{0}" FROM PUBLIC',
    'GRANT CONNECT ON DATABASE "{0}" TO catalog',
    "ALTER DATABASE \"{0}\" SET timezone = 'UTC'",
)
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


class Size(NamedTuple):
    """How large a shop is."""

    variants: int
    lists: int

    def __str__(self) -> str:
        return f"{self.variants:,} variants, {self.lists:,} lists"


def sizes(variants: int, lists: int) -> tuple[Size, ...]:
    """Return the sizes that are compared: a small shop, one with many goods, one with many lists too."""
    wanted = (Size(FEW, OWN_LISTS), Size(variants, OWN_LISTS), Size(variants, lists))
    return tuple(dict.fromkeys(wanted))


class Wardrobe:
    """The databases of all sizes. catalog is stopped while another one is put in its place."""

    def __init__(self, house: House, made: Sequence[Size]) -> None:
        self._house, self._made = house, made
        self.worn = made[-1]

    @property
    def largest(self) -> Size:
        """Return the size with most of everything."""
        return self._made[-1]

    def __iter__(self) -> Iterator[Size]:
        return iter(self._made)

    async def put_on(self, size: Size, *, forgetful: bool = False) -> None:
        """Let catalog run on the shop of this size, started anew; a `forgetful` one does not remember any looks."""
        server = self._house.programs[IN_USE]
        assert isinstance(server, Server)
        await server.stop()
        server.process.env = {name: value for name, value in server.process.env.items() if name != LOOKS_KEPT} | (
            {LOOKS_KEPT: "0"} if forgetful else {}
        )
        if size != self.worn:
            async with _system(self._house) as system:
                await system.execute(f'ALTER DATABASE "{IN_USE}" RENAME TO "{_name(self.worn)}"')
                await system.execute(f'ALTER DATABASE "{_name(size)}" RENAME TO "{IN_USE}"')
            self.worn = size
        await self._house.restart(IN_USE, ready=True)


async def filled(shop: Shop, wanted: Sequence[Size], tell: Tell) -> Wardrobe:
    """Fill catalog's database, and keep a copy of it at each size on the way; catalog is stopped."""
    house = shop.house
    await house.programs[IN_USE].stop()
    seed = Seed(house.postgres, shop.buyer)
    await seed.lay()
    has = Size(0, OWN_LISTS)
    for size in wanted:
        tell(f"seeding {size}")
        if size.variants > has.variants:
            await seed.stock_up(range(has.variants, size.variants))
        if size.lists > has.lists:
            await seed.add_lists(range(has.lists, size.lists), size.variants)
        await seed.settle()
        has = size
        if size != wanted[-1]:
            await _copied(house, size)
    return Wardrobe(house, wanted)


async def _copied(house: House, size: Size) -> None:
    name = _name(size)
    async with _system(house) as system:
        await system.execute(f'CREATE DATABASE "{name}" TEMPLATE "{IN_USE}" OWNER catalog_owner')
        for statement in LIKE_THE_FIRST:
            await system.execute(statement.format(name))


@asynccontextmanager
async def _system(house: House) -> AsyncIterator[Any]:
    """Yield a connection to no service's database, once nobody uses catalog's."""
    connection = await asyncpg.connect(house.postgres.url(driver="postgresql"))
    try:
        for _ in range(TRIES):
            if not await connection.fetch(OTHERS, IN_USE):
                break
            await asyncio.sleep(0.05)
        yield connection
    finally:
        await connection.close()


def _name(size: Size) -> str:
    return f"catalog_{size.variants}_{size.lists}"
