"""The servers that tests of every floor stand on, and which tests stay together where several processes share them."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from devstack.nats import Nats
from devstack.postgres import Postgres

WHOLE = Path(__file__).parent / "tests" / "integration"


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Keep the tests of one file together, and those of the whole house: it is started once."""
    for item in items:
        together = WHOLE if item.path.is_relative_to(WHOLE) else item.path
        item.add_marker(pytest.mark.xdist_group(str(together)))


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    async with Postgres.temporary(services=[]) as running:
        yield running


@pytest.fixture(scope="session")
async def nats() -> AsyncIterator[Nats]:
    async with Nats.temporary() as running:
        yield running
