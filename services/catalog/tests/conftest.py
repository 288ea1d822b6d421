"""What the tests of catalog stand on: a shop at which requests and events are carried out one after the other."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from services.catalog.tests.samples import CommittedShop, Shop
from shared.messaging.work import UnitOfWork
from shared.testing.fixtures import *  # noqa: F403

SET_ASIDE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
COMMITTED = "products, holds, buyers, sellers, sales_rules, buyer_groups, outbox"


@pytest.fixture
def shop(work_as: Callable[..., UnitOfWork]) -> Shop:
    return Shop(work_as)


@pytest.fixture
def statements(database: AsyncEngine) -> Iterator[list[str]]:
    """Yield the SQL statements sent since the list was last cleared, transaction control apart."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(SET_ASIDE):
            sent.append(statement)

    event.listen(database.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.sync_engine, "before_cursor_execute", note)


@pytest.fixture
async def open_shop(postgres: Any, database: AsyncEngine) -> AsyncIterator[CommittedShop]:
    """Yield a shop whose transactions really commit, each on a connection of its own; emptied afterwards."""
    engine = create_async_engine(postgres.url("catalog"), pool_size=20, max_overflow=0)
    yield CommittedShop(engine)
    await engine.dispose()
    owner = create_async_engine(postgres.url("catalog_owner"))
    async with AsyncSession(owner) as session:
        await session.execute(
            text("TRUNCATE products, holds, buyers, sellers, sales_rules, buyer_groups, outbox CASCADE")
        )
        await session.commit()
    await owner.dispose()
