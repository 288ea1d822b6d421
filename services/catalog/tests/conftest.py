"""What the tests of catalog stand on: a shop at which requests and events are carried out one after the other."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.catalog.tests.samples import CommittedShop, Shop
from shared.testing.desk import WorkAs
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import emptied

COMMITTED = ("products", "holds", "buyers", "sellers", "sales_rules", "buyer_groups", "outbox")


@pytest.fixture
def shop(work_as: WorkAs) -> Shop:
    return Shop(work_as)


@pytest.fixture
async def open_shop(postgres: Any, database: AsyncEngine) -> AsyncIterator[CommittedShop]:
    """Yield a shop whose transactions really commit, so that they can meet; emptied afterwards."""
    yield CommittedShop(database)
    await emptied(postgres, "catalog", *COMMITTED)
