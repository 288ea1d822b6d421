"""The tables that migrations make are the tables that the code means."""

import hashlib
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from devstack.postgres import Postgres
from shared.contracts.registry import owners
from shared.database import messaging_v1
from shared.messaging.triggers import CREATE_TRIGGERS

FUNCTIONS_AND_TRIGGERS = """
    SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
FROZEN = (
    "6942e136bb9d23455c79bf79a20cbc9e04e63b355b6be65f84612c9add4fada1"  # SHA-256 of shared/database/messaging_v1.py
)


def test_history_is_not_rewritten() -> None:
    found = hashlib.sha256(Path(messaging_v1.__file__).read_bytes()).hexdigest()

    assert found == FROZEN, "databases have run messaging_v1: undo the edit, and write a revision for each service"


def wakers(connection: Connection) -> set[str]:
    """Return the functions and triggers of a database, which alembic does not compare."""
    rows = connection.execute(text(FUNCTIONS_AND_TRIGGERS))
    return {" ".join(definition.split()) for (definition,) in rows}


def upgraded_then_checked_then_undone(connection: Connection, service: str) -> None:
    config = Config("alembic.ini", ini_section=service)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    command.check(config)
    woken_by = wakers(connection)
    for statement in CREATE_TRIGGERS:
        connection.execute(text(statement))
    assert wakers(connection) == woken_by, "shared/messaging/triggers.py changed: write a revision for each service"
    command.downgrade(config, "base")
    command.upgrade(config, "head")


@pytest.mark.parametrize("service", owners())
async def test_no_table_drifts_from_its_model_and_every_revision_can_be_undone(
    postgres: Postgres, service: str
) -> None:
    await postgres.provision([f"drift_{service}"])
    engine = create_async_engine(postgres.url(f"drift_{service}_owner"), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(upgraded_then_checked_then_undone, service)
    await engine.dispose()
