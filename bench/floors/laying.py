"""Laying the floors: their own broker, database and servers, beside a house that runs."""

import contextlib
import sys
import sysconfig
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg

from bench.children import Child
from bench.floors.ground import START_SECONDS, Ground
from devstack.house import House
from devstack.ports import Ports
from devstack.process import Process
from devstack.services import ROOT
from devstack.waiting import until

SCHEMA = Path(__file__).with_name("schema.sql")
DATABASE = "bench"
# Events are on the disk before they are acknowledged, as in the house's own broker (deploy/nats/nats.conf).
BROKER = "listen: 127.0.0.1:{port}\njetstream {{\n  store_dir: {store}\n  sync_interval: always\n}}\n"
NATS_SERVER = str(Path(sysconfig.get_path("scripts")) / "nats-server")
DOOR = ("-m", "uvicorn", "bench.floors.chain:app", "--host", "127.0.0.1", "--loop", "uvloop", "--http", "httptools")
QUIETLY = ("--no-access-log", "--no-server-header")


@asynccontextmanager
async def ground(house: House, folder: Path) -> AsyncIterator[Ground]:
    """Lay the floors beside a house with PostgreSQL running; all of it ends with us."""
    async with AsyncExitStack() as stack:
        ports = Ports()
        stack.callback(ports.release)
        port = {name: ports.take(name) for name in ("nats", "chain")}
        dsn = await _database(house)
        environment = {"BENCH_DATABASE": dsn, "BENCH_NATS": f"nats://127.0.0.1:{port['nats']}"}
        configuration = folder / "nats.conf"
        configuration.write_text(BROKER.format(port=port["nats"], store=folder / "nats"))
        processes: dict[str, Process] = {}
        for name, ready, command in (
            ("nats", "Server is ready", (NATS_SERVER, "-c", str(configuration))),
            ("responder", "ready", (sys.executable, "-m", "bench.floors.responder")),
            ("relay", "ready", (sys.executable, "-m", "bench.floors.hop", "relay")),
            ("consumer", "ready", (sys.executable, "-m", "bench.floors.hop", "consumer")),
            ("door", "running on", (sys.executable, *DOOR, "--port", str(port["chain"]), *QUIETLY)),
        ):
            process = Process(name, command, folder / f"floor-{name}.log", env=environment, cwd=ROOT)
            process.start()
            stack.push_async_callback(process.kill)
            await _said(process, ready)
            processes[f"floor {name}"] = process
        probes = await stack.enter_async_context(Child.of("bench.floors.probes", **environment))
        database = await asyncpg.connect(dsn)
        stack.push_async_callback(database.close)
        yield Ground(probes, database, port["chain"], processes)


async def _database(house: House) -> str:
    """Make the floors' database on the house's own PostgreSQL and return where it is."""
    system = await asyncpg.connect(house.postgres.url(driver="postgresql"))
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await system.execute(f"CREATE DATABASE {DATABASE}")
    await system.close()
    dsn = house.postgres.url(database=DATABASE, driver="postgresql")
    connection = await asyncpg.connect(dsn)
    for statement in SCHEMA.read_text().split(";\n"):  # one by one: VACUUM refuses company
        if statement.strip():
            await connection.execute(statement)
    await connection.close()
    return dsn


async def _said(process: Process, word: str) -> None:
    await until(lambda: word in process.said(20) or not process.running, START_SECONDS)
    if word not in process.said(20) or not process.running:
        raise RuntimeError(f"{process.name} does not start: {process.said()}")
