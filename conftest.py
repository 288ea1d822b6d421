"""The servers that tests of every floor stand on."""

from collections.abc import AsyncIterator

import pytest

from devstack.nats import Nats
from devstack.postgres import Postgres


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    async with Postgres.temporary(services=[]) as running:
        yield running


@pytest.fixture(scope="session")
async def nats() -> AsyncIterator[Nats]:
    async with Nats.temporary() as running:
        yield running
