"""The files of one PostgreSQL cluster: made by initdb, and what its lock file says of the postmaster."""

import contextlib
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack import kin
from devstack.failing import Failed
from devstack.place import Place
from devstack.process import Process

SUPERUSER = "postgres"
INITDB = (
    *("--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths have a length limit, and a password is asked for over TCP only
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # After a crash every file is synced before the log is replayed: in one call where there is one, not each by itself.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster in its place."""

    place: Place
    log: Path

    @property
    def path(self) -> Path:
        """Its data directory, as PostgreSQL calls it."""
        return self.place.path / "cluster"

    def postmaster(self, port: int) -> Process:
        """Return the process that serves it. When we die it shuts down in order: SIGINT is its fast shutdown."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return Process(
            name="postgres",
            command=[str(self.place.programs / "postgres"), "-D", str(self.path), f"--port={port}", *settings],
            log=self.log,
            env=environment(),
            account=self.place.account,
            death_signal=signal.SIGINT,
        )

    async def make(self, password: str) -> None:
        """Create it, unless it is there; renamed when complete, so that an interrupted initdb is begun again."""
        if self.path.exists():
            return
        fresh = self.place.path / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file = self.place.path / "password"
        password_file.touch(0o600)
        password_file.write_text(password)
        self.place.give(fresh)
        self.place.give(password_file)
        try:
            await self._initdb(fresh, password_file)
        finally:
            password_file.unlink()
        fresh.rename(self.path)

    async def _initdb(self, fresh: Path, password_file: Path) -> None:
        command = [str(self.place.programs / "initdb"), "-D", str(fresh), "--pwfile", str(password_file), *INITDB]
        log = self.log.with_name("initdb.log")
        initdb = Process("initdb", command, log, env=environment(), account=self.place.account)
        if not await initdb.succeeds(120):
            raise Failed(f"PostgreSQL's initdb fails: {initdb.said(3)}")

    def ready(self, pid: int) -> bool:
        """Whether the postmaster `pid` accepts connections, as its lock file says (pg_ctl asks the same way)."""
        try:
            lines = (self.path / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def clear_leftover(self) -> None:
        """End a postmaster that outlived its house and remove its lock file; our own lock says that nobody uses it.

        PostgreSQL itself would refuse to start when another process of the same user has got the old number.
        """
        lock_file = self.path / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            leftover = int(lock_file.read_text().splitlines()[0])
            if f" -D {self.path} " in kin.command_line(leftover):
                os.kill(leftover, signal.SIGKILL)
        lock_file.unlink(missing_ok=True)


def environment() -> dict[str, str]:
    """Return what PostgreSQL's programs may see of our environment: none of its PG* variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/nonexistent"}
