"""Bringing each service's database to the newest revision, only where it is not there yet.

As a program (`python -m devstack.migrations orders catalog`) it does the work: one process for all of them, since most
of a migration's time is the import of what they share.
"""

import os
import re
import sys
from typing import TYPE_CHECKING

import asyncpg

from devstack.failing import Failed
from devstack.news import News
from devstack.process import Process
from devstack.services import ROOT
from devstack.waiting import together

if TYPE_CHECKING:
    from alembic.config import Config

    from devstack.house import House

REVISION = re.compile(r"""^revision\b.*=\s*['"](\w+)['"]""", re.MULTILINE)
FOLLOWED = re.compile(r"""^down_revision\b.*=\s*['"](\w+)['"]""", re.MULTILINE)


async def migrate(house: "House") -> None:
    """Migrate the databases of the house that are behind."""
    house.tell(News("migrations", "begun"))
    behind: list[str] = []
    await together(*(_compare(house, service.name, behind) for service in house.services if service.database))
    if behind:
        await _run(house, sorted(behind))
    house.tell(News("migrations", "done", f"{len(behind)} databases" if behind else "nothing to do"))


async def _compare(house: "House", name: str, behind: list[str]) -> None:
    if await _revision(house, name) != newest(name):
        behind.append(name)


def newest(name: str) -> str:
    """Return the newest revision in a service's migrations: the one that no other follows, "" where that is in doubt.

    Read in their text: to import Alembic and all of them would take half a second of every start.
    """
    texts = [file.read_text() for file in (ROOT / "services" / name / "migrations" / "versions").glob("*.py")]
    revisions, followed = ({found for text in texts for found in said.findall(text)} for said in (REVISION, FOLLOWED))
    ends = revisions - followed
    return ends.pop() if len(ends) == 1 else ""


async def _revision(house: "House", name: str) -> str | None:
    connection = await asyncpg.connect(house.postgres.url(f"{name}_owner", driver="postgresql"))
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        revision = None
    finally:
        await connection.close()
    return revision


async def _run(house: "House", names: list[str]) -> None:
    command = [sys.executable, "-m", "devstack.migrations", *names]
    urls = {_variable(name): house.postgres.url(f"{name}_owner") for name in names}
    run = Process("migrations", command, house.logs / "migrations.log", env={**os.environ, **urls}, cwd=ROOT)
    if not await run.succeeds(300):
        raise Failed(f"The databases could not be migrated: {run.said(3)}\nAll of it is in {run.log}.")


def _variable(name: str) -> str:
    return f"COURTIER_{name.upper()}_OWNER_URL"


def _configuration(name: str) -> "Config":
    from alembic.config import Config

    configuration = Config(str(ROOT / "alembic.ini"), ini_section=name)
    folder = ROOT / str(configuration.get_main_option("script_location"))  # alembic looks from the current directory
    configuration.set_main_option("script_location", str(folder).replace("%", "%%"))
    return configuration


def _upgrade(name: str) -> None:
    from alembic import command

    print(f"Migrating {name}", flush=True)
    os.environ["COURTIER_DATABASE_URL"] = os.environ[_variable(name)]
    command.upgrade(_configuration(name), "head")


if __name__ == "__main__":
    for service in sys.argv[1:]:
        _upgrade(service)
