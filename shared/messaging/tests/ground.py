"""Databases with the tables of the bus, and one that notes what was heard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from devstack.postgres import Postgres
from shared.messaging.tables import MessagingBase
from shared.messaging.triggers import CREATE_TRIGGERS

HEARD = "CREATE TABLE heard (id bigint GENERATED ALWAYS AS IDENTITY, n int, said_by uuid, handler text)"


async def database(postgres: Postgres, name: str) -> AsyncEngine:
    """Make a database with the tables of the bus, and return an engine for its owner."""
    await postgres.provision([name])
    owner = create_async_engine(postgres.url(f"{name}_owner"), poolclass=pool.NullPool)
    async with owner.begin() as connection:
        await connection.run_sync(MessagingBase.metadata.create_all)
        for statement in (*CREATE_TRIGGERS, HEARD):
            await connection.execute(text(statement))
    return owner


async def empty(owner: AsyncEngine) -> None:
    """Make a database as good as new."""
    tables = ", ".join(table.name for table in MessagingBase.metadata.sorted_tables)
    await _run(owner, f"TRUNCATE {tables}, heard RESTART IDENTITY")


@asynccontextmanager
async def late_trigger(owner: AsyncEngine, create: str, body: str) -> AsyncIterator[None]:
    """Have a trigger run PL/pgSQL meanwhile; `nextval('tries')` counts on through rollbacks."""
    function = f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    before = ("CREATE SEQUENCE tries", function, f"{create} FOR EACH ROW EXECUTE FUNCTION late()")
    after = ("DROP FUNCTION late() CASCADE", "DROP SEQUENCE tries")
    await _run(owner, *before)
    try:
        yield
    finally:
        await _run(owner, *after)


async def _run(owner: AsyncEngine, *statements: str) -> None:
    async with owner.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
