"""Bringing each service's database to the newest revision, only where it is not there yet."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import asyncpg

from devstack.failing import Failed
from devstack.news import News
from devstack.process import Process
from devstack.services import ROOT
from devstack.waiting import together

if TYPE_CHECKING:
    from devstack.house import House

AT_ONCE = max(2, os.cpu_count() or 2)


async def migrate(house: "House") -> None:
    """Migrate all databases of the house, a few at a time."""
    house.tell(News("migrations", "begun"))
    turns = asyncio.Semaphore(AT_ONCE)
    migrated: list[str] = []
    names = [service.name for service in house.services if service.database]
    await together(*(_migrate(house, name, turns, migrated) for name in names))
    house.tell(News("migrations", "done", ", ".join(migrated) or "nothing to do"))


async def _migrate(house: "House", name: str, turns: asyncio.Semaphore, migrated: list[str]) -> None:
    if await _revision(house, name) == newest(name):
        return
    command = [sys.executable, "-m", "alembic", "-n", name, "upgrade", "head"]
    variables = {**os.environ, "COURTIER_DATABASE_URL": house.postgres.url(f"{name}_owner")}
    run = Process(f"migrate-{name}", command, house.logs / f"migrate-{name}.log", env=variables, cwd=ROOT)
    async with turns:
        try:
            run.start()
            await run.ended(300)
        finally:
            await run.kill()
    if run.exit_code != 0:
        raise Failed(f"The database of {name} is not migrated: {run.said(3)}\nAll of it is in {run.log}.")
    migrated.append(name)


def newest(name: str) -> str | None:
    """Return the newest revision in a service's migrations."""
    from alembic.config import Config  # half a second of imports that most commands of this package never need
    from alembic.script import ScriptDirectory

    config = Config(str(ROOT / "alembic.ini"), ini_section=name)
    folder = ROOT / str(config.get_main_option("script_location"))  # alembic would look from the current directory
    return ScriptDirectory(str(folder)).get_current_head()


async def _revision(house: "House", name: str) -> str | None:
    connection = await asyncpg.connect(house.postgres.url(f"{name}_owner", driver="postgresql"))
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        revision = None
    finally:
        await connection.close()
    return revision
