"""The servers these tests kill, freeze and wipe are their own."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from devstack.postgres import Postgres
from shared.messaging.tests.ground import database, empty
from shared.messaging.tests.stage import LISTENER, SAYER, Stage, staged


@pytest.fixture(scope="package")
async def own_postgres() -> AsyncIterator[Postgres]:
    async with Postgres.temporary() as running:
        yield running


@pytest.fixture(scope="package")
async def owners(own_postgres: Postgres) -> Sequence[AsyncEngine]:
    return await asyncio.gather(database(own_postgres, SAYER), database(own_postgres, LISTENER))


@pytest.fixture
async def stage(own_postgres: Postgres, owners: Sequence[AsyncEngine]) -> AsyncIterator[Stage]:
    await asyncio.gather(*(empty(owner) for owner in owners))
    async with staged(own_postgres) as stage:
        yield stage
