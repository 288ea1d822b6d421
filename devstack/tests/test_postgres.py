"""PostgreSQL as a child: any path, any user, any way of dying, and the rows stay."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from devstack import kin, place
from devstack.failing import Failed
from devstack.postgres import Postgres
from devstack.process import Account
from devstack.services import ROOT
from devstack.waiting import until


@pytest.fixture(scope="module")
async def shop() -> AsyncIterator[Postgres]:
    async with Postgres.temporary(services=["orders", "catalog"]) as running:
        yield running


@contextlib.asynccontextmanager
async def connected(postgres: Postgres, role: str, database: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.url(role, database, driver="postgresql"))
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


async def test_the_runtime_role_changes_rows_and_nothing_else(shop: Postgres) -> None:
    async with connected(shop, "orders_owner") as owner:
        await owner.execute("CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")
    async with connected(shop, "orders") as runtime:
        await runtime.execute("INSERT INTO thing (name) VALUES ('a')")
        await runtime.execute("UPDATE thing SET name = 'b'")
        assert await runtime.fetchval("SELECT name FROM thing") == "b"
        await runtime.execute("DELETE FROM thing")
        for ddl in (
            "CREATE TABLE other ()",
            "CREATE TEMP TABLE other ()",
            "CREATE SCHEMA other",
            "ALTER TABLE thing ADD note text",
            "TRUNCATE thing",
            "DROP TABLE thing",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await runtime.execute(ddl)


async def test_a_service_cannot_open_another_ones_database(shop: Postgres) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with connected(shop, "orders", "catalog"):
            pass


async def test_time_limits_belong_to_the_runtime_role(shop: Postgres) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    async with connected(shop, "orders") as runtime:
        assert [await runtime.fetchval(f"SHOW {name}") for name in names] == ["5s", "2s", "10s"]
    async with connected(shop, "postgres") as superuser:
        assert [await superuser.fetchval(f"SHOW {name}") for name in names] == ["0", "0", "0"]
        assert [await superuser.fetchval(f"SHOW {name}") for name in ("fsync", "data_checksums")] == ["on", "on"]
        assert int(await superuser.fetchval("SHOW max_connections")) >= 200


async def test_a_role_ends_its_own_backends(shop: Postgres) -> None:
    async with connected(shop, "catalog") as one, connected(shop, "catalog") as other:
        assert await one.fetchval("SELECT pg_terminate_backend($1)", other.get_server_pid())


async def test_a_wrong_password_is_refused(shop: Postgres) -> None:
    wrong = shop.url("orders", driver="postgresql").replace(shop.password("orders"), "guess")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_provisioning_twice_changes_nothing(shop: Postgres) -> None:
    await shop.provision(["orders", "catalog"])
    async with connected(shop, "orders") as runtime:
        assert await runtime.fetchval("SELECT 1") == 1


@pytest.mark.parametrize("paused", [False, True])
async def test_kill_and_restart_keep_the_rows_and_the_port(shop: Postgres, paused: bool) -> None:
    async with connected(shop, "catalog_owner") as owner:
        await owner.execute("CREATE TABLE IF NOT EXISTS kept (at int)")
        await owner.execute("INSERT INTO kept VALUES (1)")
        before, port = await owner.fetchval("SELECT count(*) FROM kept"), shop.port
        if paused:
            shop.pause()
        await shop.kill()
        await shop.restart()
    assert shop.port == port
    async with connected(shop, "catalog_owner") as owner:
        assert await owner.fetchval("SELECT count(*) FROM kept") == before


async def test_a_paused_server_answers_after_resume(shop: Postgres) -> None:
    async with connected(shop, "orders") as runtime:
        shop.pause()
        with pytest.raises(TimeoutError):
            await runtime.fetchval("SELECT 1", timeout=0.2)
        shop.resume()
    async with connected(shop, "orders") as runtime:
        assert await runtime.fetchval("SELECT 1") == 1


async def test_a_path_with_spaces_and_quotes_and_a_stale_lock_file(tmp_path: Path) -> None:
    data_dir = tmp_path / "one 'clone' here" / "postgres"
    postgres = await Postgres.start(data_dir)
    cluster = Path(postgres.process.command[2])
    try:
        await postgres.provision(["orders"])
        async with connected(postgres, "orders") as runtime:
            assert await runtime.fetchval("SELECT 1") == 1
        with pytest.raises(Failed, match="already runs"):
            await Postgres.start(data_dir)
        left = (cluster / "postmaster.pid").read_text().splitlines()
        await postgres.stop()
        (cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]))  # somebody's number by now
        postgres = await Postgres.start(data_dir)
        assert postgres.process.running
    finally:
        await postgres.stop()
        place.remove(data_dir)


CHILD = """
import asyncio, json, sys
from pathlib import Path
from devstack.postgres import Postgres
from devstack.process import Account

async def main():
    postgres = await Postgres.start(Path(sys.argv[1]))
    print(json.dumps({"pid": postgres.process.pid, "url": postgres.url(driver="postgresql")}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def start_elsewhere(data_dir: Path, user: Account | None = None) -> "tuple[subprocess.Popen[bytes], dict[str, Any]]":
    """Start a cluster from another Python process; return that one and what it told."""
    as_user: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    parent = subprocess.Popen([sys.executable, "-c", CHILD, str(data_dir)], stdout=subprocess.PIPE, cwd=ROOT, **as_user)
    assert parent.stdout is not None
    return parent, json.loads(parent.stdout.readline())


async def test_it_ends_in_order_when_its_parent_is_killed(tmp_path: Path) -> None:
    data_dir = tmp_path / "postgres"
    parent, told = start_elsewhere(data_dir)
    connection = await asyncpg.connect(told["url"])
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS at")
    parent.kill()
    parent.wait()
    assert await until(lambda: not kin.command_line(told["pid"]), 10), "the server outlived its parent"
    with contextlib.suppress(Exception):
        await connection.close(timeout=1)
    postgres = await Postgres.start(data_dir)
    try:
        async with connected(postgres, "postgres") as superuser:
            assert await superuser.fetchval("SELECT at FROM kept") == 1
        assert "not properly shut down" not in (data_dir / "postgres.log").read_text()
    finally:
        await postgres.stop()
        place.remove(data_dir)


def only_ours() -> bool:
    """Whether the interpreter or the code is below a folder that only its owner may enter."""
    needed = (Path(sys.executable), Path(sys.executable).resolve(), ROOT / "devstack")
    return any(not folder.stat().st_mode & 0o001 for path in needed for folder in path.parents)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(only_ours(), reason="the interpreter or the clone is out of an ordinary user's reach")
async def test_an_ordinary_user_runs_it_where_the_data_is() -> None:
    user = place.unprivileged()
    with tempfile.TemporaryDirectory(prefix="courtier ") as folder:
        os.chown(folder, user.uid, user.gid)
        ordinary, told = start_elsewhere(Path(folder) / "postgres", user)
        try:
            assert f"-D {folder}/postgres/cluster " in kin.command_line(told["pid"])
            await (await asyncpg.connect(told["url"])).close()
        finally:
            ordinary.terminate()
            ordinary.wait()
        assert await until(lambda: not kin.command_line(told["pid"]), 10)


async def test_composes_script_makes_the_same_databases(shop: Postgres) -> None:
    passwords = {"POSTGRES_ALPHA_PASSWORD": "run it's", "POSTGRES_ALPHA_OWNER_PASSWORD": "own"}
    server = {"PGHOST": "127.0.0.1", "PGPORT": str(shop.port), "PGPASSWORD": shop.password("postgres")}
    psql = place.wheel() / "pginstall" / "bin"
    script = await asyncio.create_subprocess_exec(
        *("sh", str(ROOT / "deploy" / "postgres" / "init.sh")),
        env={"PATH": f"{psql}:{os.defpath}", **passwords, **server},
        stderr=subprocess.PIPE,
    )
    _, said = await script.communicate()
    assert (script.returncode, said) == (0, b"")
    runtime = await asyncpg.connect(
        host="127.0.0.1", port=shop.port, user="alpha", password="run it's", database="alpha"
    )
    assert await runtime.fetchval("SHOW lock_timeout") == "2s"
    await runtime.close()


@pytest.mark.parametrize("given", ["POSTGRES_ALPHA_OWNER_PASSWORD", "POSTGRES_ALPHA_PASSWORD", "POSTGRES_PASSWORD"])
async def test_composes_script_names_the_password_that_is_missing(given: str) -> None:
    script = await asyncio.create_subprocess_exec(
        *("sh", str(ROOT / "deploy" / "postgres" / "init.sh")),
        env={"PATH": os.defpath, given: "secret"},
        stderr=subprocess.PIPE,
    )
    _, said = await script.communicate()
    assert script.returncode == 1
    assert re.search(r"Set POSTGRES_(ALPHA|<SERVICE>)_PASSWORD and POSTGRES_(ALPHA|<SERVICE>)_OWNER", said.decode())
