"""A program of ours that answers HTTP: a service or the mailbox."""

import time
from dataclasses import dataclass
from pathlib import Path

from devstack.failing import Failed
from devstack.process import Child, Process
from devstack.waiting import http_status

START_SECONDS = 120.0  # on a machine that has much else to do


@dataclass(slots=True)
class Server(Child):
    """A process and the port it answers on."""

    process: Process
    port: int
    _answered: bool = False

    async def restart(self) -> None:
        """Start it again on the same port, after a kill or an end of its own; a running one is stopped."""
        await self.stop()
        self._answered = False
        self.process.start()
        await self.answers("/livez")

    async def answers(self, path: str, seconds: float = START_SECONDS) -> None:
        """Wait until `GET path` says 200."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if await http_status(self.port, path) == 200:
                self._answered = True
                return
            if await self.process.ended(0.05):
                raise Failed(f"{self.process.name} does not start: {self.process.said()}\n{self._log()}")
        raise Failed(f"{self.process.name} runs, but {path} does not say 200.\n{self._log()}")

    async def stop(self) -> None:
        """End it in order: requests in flight are answered. One that never answered has none, and is killed."""
        await (self.process.stop() if self._answered else self.process.kill())

    def _log(self) -> str:
        log: Path = self.process.log
        return f"Its log is {log}."
