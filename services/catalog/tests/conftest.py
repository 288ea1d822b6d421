"""What the tests of catalog stand on: a shop at which requests and events are carried out one after the other."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.catalog import settings
from services.catalog.tests.samples import CommittedShop, Shop
from shared.testing.desk import WorkAs
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import emptied

COMMITTED = (
    *("products", "uploads", "holds", "buyers", "sellers", "sales_rules", "buyer_groups"),
    *("price_lists", "promotions", "categories", "content_blocks", "price_changes", "import_runs", "buyer_companies"),
    *("quantity_rules", "visibility_rules", "group_terms", "categories", "price_lists", "outbox", "jobs"),
)


@pytest.fixture(scope="package", autouse=True)
def images_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put the settings in force that the composition root would; return the folder they name for pictures."""
    folder = tmp_path_factory.mktemp("images")
    settings.use(settings.Settings(database_url=SecretStr(""), images_folder=folder))
    return folder


@pytest.fixture
def shop(work_as: WorkAs) -> Shop:
    return Shop(work_as)


@pytest.fixture
async def open_shop(postgres: Any, database: AsyncEngine) -> AsyncIterator[CommittedShop]:
    """Yield a shop whose transactions really commit, so that they can meet; emptied afterwards."""
    yield CommittedShop(database)
    await emptied(postgres, "catalog", *COMMITTED)
