"""The tables that migrations make are the tables that the code means."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from devstack.postgres import Postgres
from tests.architecture.test_floor_plan import SERVICES


def upgraded_then_checked_then_undone(connection: Connection, service: str) -> None:
    config = Config("alembic.ini", ini_section=service)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "base")
    command.upgrade(config, "head")


@pytest.mark.parametrize("service", SERVICES)
async def test_no_table_drifts_from_its_model_and_every_revision_can_be_undone(
    postgres: Postgres, service: str
) -> None:
    await postgres.provision([f"drift_{service}"])
    engine = create_async_engine(postgres.url(f"drift_{service}_owner"), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(upgraded_then_checked_then_undone, service)
    await engine.dispose()
