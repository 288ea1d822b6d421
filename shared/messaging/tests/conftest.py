"""The servers these tests kill, freeze and wipe are their own."""

from collections.abc import AsyncIterator

import pytest

from devstack.postgres import Postgres
from shared.messaging.tests.stage import Stage, staged


@pytest.fixture(scope="package")
async def own_postgres() -> AsyncIterator[Postgres]:
    async with Postgres.temporary() as running:
        yield running


@pytest.fixture
async def stage(own_postgres: Postgres) -> AsyncIterator[Stage]:
    async with staged(own_postgres) as stage:
        yield stage
