"""PostgreSQL from the wheel, driven as a child of this process: start, stop, kill, restart; databases and roles."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import IO

from devstack import kin, place, temporary
from devstack.cluster import SUPERUSER, Cluster, environment
from devstack.failing import Failed
from devstack.lock import claim
from devstack.place import Place
from devstack.ports import Ports
from devstack.process import Process
from devstack.secret import Secrets
from devstack.waiting import together, until

SERVICE_SQL = Path(__file__).parents[1] / "deploy" / "postgres" / "service.sql"


class Postgres:
    """One cluster. It ends when this process ends, and survives every way of ending."""

    def __init__(self, data_dir: Path, port: int | None, log: Path | None, secrets: Secrets | None) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir = data_dir
        self.secrets = secrets or Secrets(data_dir / "secrets.json")
        self._ports = Ports()
        self.port = port or self._ports.take("postgres")
        self._log = log or data_dir / "postgres.log"
        self._lock: IO[str] | None = None
        self._cluster: Cluster | None = None
        self._process: Process | None = None

    @classmethod
    async def start(
        cls, data_dir: Path, *, port: int | None = None, log: Path | None = None, secrets: Secrets | None = None
    ) -> "Postgres":
        """Start the cluster of this directory, made first where there is none; any free port unless one is given."""
        postgres = cls(data_dir, port, log, secrets)
        try:
            await postgres._prepare()
            await postgres.restart()
        except BaseException:  # a cancelled start leaves nothing behind either
            await postgres.stop()
            raise
        return postgres

    @classmethod
    @contextlib.asynccontextmanager
    async def temporary(cls, services: Iterable[str] = ()) -> "AsyncIterator[Postgres]":
        """Run an empty cluster with the databases of `services`, gone at the end."""
        with temporary.folder() as folder:
            postgres = await cls.start(folder / "postgres")
            try:
                await postgres.provision(services)
                yield postgres
            finally:
                await postgres.stop()

    @property
    def process(self) -> Process:
        """The postmaster."""
        if self._process is None:
            raise RuntimeError("PostgreSQL is not prepared: use Postgres.start()")
        return self._process

    def url(self, role: str = SUPERUSER, database: str | None = None, driver: str = "postgresql+asyncpg") -> str:
        """Return the address for a role: `orders`, `orders_owner` or the superuser; its own database by default."""
        name = database or role.removesuffix("_owner")
        return f"{driver}://{role}:{self.password(role)}@127.0.0.1:{self.port}/{name}"

    def password(self, role: str) -> str:
        """Return the generated password of a role."""
        return self.secrets.get(f"postgres/{role}")

    async def provision(self, services: Iterable[str]) -> None:
        """Give each service its database and its two roles. Doing it again changes nothing."""
        await together(*(self._provision(service) for service in services))

    async def restart(self) -> None:
        """Start the postmaster again on the same port, after a kill or an end of its own; a running one is stopped."""
        if self._cluster is None:
            raise RuntimeError("PostgreSQL is not prepared: use Postgres.start()")
        cluster = self._cluster
        await self._end()
        for _ in range(50):  # children of a killed postmaster need a moment to notice, and hold its shared memory
            cluster.clear_leftover()
            self.process.start()
            await until(lambda: cluster.ready(self.process.pid) or not self.process.running, 60)
            if self.process.running:
                return
            if "shared memory" not in self.process.said(20):
                break
            await asyncio.sleep(0.1)
        await self.process.kill()
        raise Failed(f"PostgreSQL does not start: {self.process.said(3)}")

    async def stop(self) -> None:
        """End it in order (fast shutdown) and give back its port and its directory."""
        if self._process is not None:
            await self._end()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self._ports.release()

    async def kill(self) -> None:
        """Kill -9 the postmaster. Its children end by themselves, once they are awake to notice."""
        children = kin.descendants(self.process.pid) if self.process.running else []
        await self.process.kill()
        _signal(signal.SIGCONT, children)

    def pause(self) -> None:
        """Freeze it with all its backends (SIGSTOP)."""
        if self.process.running:
            self.process.pause()  # first: it must not fork while we count its children
            _signal(signal.SIGSTOP, kin.descendants(self.process.pid))

    def resume(self) -> None:
        """Let it go on."""
        if self.process.running:
            _signal(signal.SIGCONT, kin.descendants(self.process.pid))
            self.process.resume()

    async def _end(self) -> None:
        self.resume()
        self.process.signal(signal.SIGINT)
        if not await self.process.ended(10):
            self.process.signal(signal.SIGQUIT)  # no checkpoint: it recovers at the next start
            if not await self.process.ended(5):
                await self.kill()

    async def _prepare(self) -> None:
        self._lock = claim(self.data_dir)
        if self._lock is None:
            raise Failed(f"PostgreSQL already runs on {self.data_dir}. Stop that house first.")
        self._cluster = Cluster(Place.of(self.data_dir), self._log)
        await self._cluster.make(self.password(SUPERUSER))
        self._process = self._cluster.postmaster(self.port)

    async def _provision(self, service: str) -> None:
        passwords = {"OWNER_PASSWORD": self.password(f"{service}_owner"), "RUNTIME_PASSWORD": self.password(service)}
        address = ["--host=127.0.0.1", f"--port={self.port}", f"--username={SUPERUSER}", f"--dbname={SUPERUSER}"]
        psql = await asyncio.create_subprocess_exec(
            str(place.wheel() / "pginstall" / "bin" / "psql"),
            *("--no-psqlrc", "--quiet", "--no-password", *address, f"--file={SERVICE_SQL}"),
            env={**environment(), "PGPASSWORD": self.password(SUPERUSER), "SERVICE": service, **passwords},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _, said = await psql.communicate()
        if psql.returncode:
            raise Failed(f"The database of {service} cannot be made: {said.decode(errors='replace').strip()}")


def _signal(number: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
