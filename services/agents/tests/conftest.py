"""What the tests of agents stand on: a desk at which messages are handled one after the other, or at once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from services.agents import settings
from services.agents.settings import Settings
from shared.contracts.actor import Actor, Permission
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler
from shared.messaging.work import Origin, UnitOfWork
from shared.testing import staff
from shared.testing.desk import Desk, WorkAs
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import migrated

CLERK = staff(Permission.AGENTS_READ, Permission.AGENTS_WRITE, Permission.COMMISSIONS_READ)


@pytest.fixture(autouse=True)
def shop() -> Iterator[Settings]:
    before = settings.in_force.settings
    shop = Settings(database_url="postgresql+asyncpg://nowhere")
    settings.use(shop)
    yield shop
    settings.in_force.settings = before


@pytest.fixture
def desk(work_as: WorkAs) -> Desk:
    return Desk(work_as, CLERK)


class Crowd:
    """Many desks on connections of their own, whose transactions are really committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @asynccontextmanager
    async def work(self, actor: Actor = CLERK) -> AsyncIterator[UnitOfWork]:
        """Yield a unit of work; its transaction commits at the end."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield UnitOfWork(session, "agents", Origin(actor=actor, request_key=str(new_id())))

    async def __call__(self, handler: Handler, message: Any) -> Any:
        async with self.work() as work:
            return await handler(message, work)


@pytest.fixture(scope="package")
async def crowded(postgres: Any) -> AsyncIterator[AsyncEngine]:
    """Yield an engine on a database of its own, since what a crowd does is not rolled back."""
    async with migrated(postgres, "agents", "agents_crowd", 20) as engine:
        yield engine


@pytest.fixture
def crowd(crowded: AsyncEngine) -> Crowd:
    return Crowd(crowded)
