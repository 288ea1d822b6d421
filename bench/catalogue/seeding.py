"""Filling catalog's database by COPY, and what goods are found by with the service's own statement."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from bench.catalogue import deals, goods
from bench.catalogue.deals import Buyer
from bench.catalogue.goods import Kind, Rows, id_of
from devstack.postgres import Postgres
from services.catalog.repository.search import refresh_search

REFRESHED_AT_ONCE = 2_000
OFFERS_OF_A_PRODUCT = 10  # more than it has
OTHER_BOOK = "UPDATE rule_book SET version = version + 1, stamp = gen_random_uuid()"


class Seed:
    """Puts more and more into one database. Nobody is told, and nothing may run on it meanwhile."""

    def __init__(self, postgres: Postgres, buyer: Buyer, database: str = "catalog") -> None:
        self._postgres, self._buyer, self._database = postgres, buyer, database

    async def lay(self) -> None:
        """Add categories, the customer's price lists, a promotion and rules."""
        await self._copy(goods.tree(), *deals.own(self._buyer), *deals.rules(self._buyer))

    async def stock_up(self, numbers: Sequence[int]) -> None:
        """Add goods with their prices, history and stock, and what the customer's lists say of them."""
        connection = await self._connect()
        warehouse = await connection.fetchval("SELECT id FROM warehouses ORDER BY priority DESC, created_at LIMIT 1")
        await connection.close()
        first = OFFERS_OF_A_PRODUCT * (numbers[0] + 10)  # after the rows that are about no product
        offers = (offer for number in numbers for offer in deals.offers_for(number))
        await self._copy(*goods.shelves(numbers, warehouse), deals.of_goods(offers, first))
        await self._refresh(numbers)

    async def add_lists(self, numbers: Sequence[int], variants: int) -> None:
        """Add price lists of others."""
        await self._copy(*deals.of_others(numbers, variants))

    async def settle(self) -> None:
        """Let PostgreSQL look at what is there, as autovacuum will have done in a shop older than a minute."""
        connection = await self._connect()
        await connection.execute(OTHER_BOOK)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()

    async def _copy(self, *parts: Rows) -> None:
        connection = await self._connect()
        try:
            async with connection.transaction():
                for part in parts:
                    await connection.copy_records_to_table(part.table, records=part.rows, columns=part.columns)
        finally:
            await connection.close()

    async def _refresh(self, numbers: Sequence[int]) -> None:
        engine = create_async_engine(self._postgres.url(database=self._database))
        async with AsyncSession(engine) as session:
            for at in range(0, len(numbers), REFRESHED_AT_ONCE):
                some = numbers[at : at + REFRESHED_AT_ONCE]
                await refresh_search(session, [id_of(Kind.PRODUCT, number) for number in some])
                await session.commit()
        await engine.dispose()

    async def _connect(self) -> Any:
        connection = await asyncpg.connect(self._postgres.url(database=self._database, driver="postgresql"))
        await connection.execute("SET synchronous_commit = off")
        return connection
