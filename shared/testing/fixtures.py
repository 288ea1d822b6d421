"""Fixtures of the handler floor: a migrated database per service, and work that is rolled back after each test.

A service's tests/conftest.py says `from shared.testing.fixtures import *` and `SERVICE = "orders"`; the project's
conftest.py provides `postgres`, a running server with `url(role, database)` and `provision(services)`.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, pool, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from shared.contracts.actor import VISITOR, Actor
from shared.messaging.work import Origin, UnitOfWork

__all__ = ["connection", "database", "service", "statements", "work", "work_as"]
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.fixture(scope="package")
def service(request: pytest.FixtureRequest) -> str:
    """Return the name of the service whose tests these are: services/<name>/tests."""
    tests = next(folder for folder in (request.path, *request.path.parents) if folder.name == "tests")
    return tests.parent.name


def migrate(connection: Connection, service: str) -> None:
    """Bring a service's tables to their newest shape over an open connection."""
    config = Config("alembic.ini", ini_section=service)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@asynccontextmanager
async def migrated(postgres: Any, service: str, name: str, connections: int) -> AsyncIterator[AsyncEngine]:
    """Open a database called `name` with the tables of a service; yield an engine, as the role the service runs as."""
    await postgres.provision([name])
    owner = create_async_engine(postgres.url(f"{name}_owner"), poolclass=pool.NullPool)
    async with owner.begin() as opened:
        await opened.run_sync(migrate, service)
    await owner.dispose()
    engine = create_async_engine(postgres.url(name), pool_size=connections)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="package")
async def database(postgres: Any, service: str) -> AsyncIterator[AsyncEngine]:
    """Yield an engine on the service's own migrated database, as the role it runs as."""
    async with migrated(postgres, service, service, 20) as engine:
        yield engine


@pytest.fixture
def statements(database: AsyncEngine) -> Iterator[list[str]]:
    """Yield the SQL statements sent since the list was last cleared, transaction control apart."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(CONTROL):
            sent.append(statement)

    event.listen(database.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.sync_engine, "before_cursor_execute", note)


async def emptied(postgres: Any, service: str, *tables: str) -> None:
    """Delete every row of these tables, as only their owner may."""
    owner = create_async_engine(postgres.url(f"{service}_owner"), poolclass=pool.NullPool)
    async with owner.begin() as cleaning:
        await cleaning.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    await owner.dispose()


@pytest.fixture
async def connection(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Yield a connection whose transaction is rolled back when the test ends."""
    async with database.connect() as opened:
        outer = await opened.begin()
        yield opened
        await outer.rollback()


@pytest.fixture
def work_as(connection: AsyncConnection, service: str) -> Callable[..., UnitOfWork]:
    """Return a maker of units of work: `work_as(actor, key="k1")`; all share the test's transaction."""

    def make(actor: Actor = VISITOR, **origin: Any) -> UnitOfWork:
        @asynccontextmanager
        async def look() -> AsyncIterator[AsyncSession]:
            async with session_on(connection) as reading:
                yield reading

        return UnitOfWork(session_on(connection), service, Origin(actor=actor, **origin), look)

    return make


@pytest.fixture
def work(work_as: Callable[..., UnitOfWork]) -> UnitOfWork:
    """Return a unit of work of a visitor, on a real database, rolled back when the test ends."""
    return work_as()


def session_on(connection: AsyncConnection) -> AsyncSession:
    """Return a session inside the test's transaction; its own commits and rollbacks are savepoints."""
    return AsyncSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
