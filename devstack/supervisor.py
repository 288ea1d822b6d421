"""Bringing back what crashed: each program by itself, after a delay that grows while it keeps crashing."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from devstack.failing import Failed
from devstack.nats import Nats
from devstack.news import News, Tell
from devstack.postgres import Postgres
from devstack.server import Server

Program = Postgres | Nats | Server
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY = 30.0  # seconds alive after which a crash counts as the first one again


@dataclass(slots=True)
class Supervisor:
    """Watches the programs of a house, but for those that are down on purpose."""

    programs: Mapping[str, Program]
    down: Callable[[str], bool]
    tell: Tell
    _reviving: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _delays: dict[str, float] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)

    async def watch(self) -> None:
        """Look after them until cancelled."""
        try:
            while True:
                for name, program in self.programs.items():
                    if not program.process.running and not self.down(name) and not self._busy(name):
                        self._reviving[name] = asyncio.create_task(self._revive(name, program))
                await asyncio.sleep(0.1)
        finally:
            for task in self._reviving.values():
                task.cancel()
            await asyncio.gather(*self._reviving.values(), return_exceptions=True)

    def _busy(self, name: str) -> bool:
        return name in self._reviving and not self._reviving[name].done()

    async def _revive(self, name: str, program: Program) -> None:
        delay = self._next_delay(name)
        log = program.process.log
        self.tell(
            News(name, "remark", f"{name} {_ending(program)}; starting it again in {delay:g} s. Its log is {log}.")
        )
        await asyncio.sleep(delay)
        if self.down(name):
            return
        try:
            await program.restart()
        except Failed as failure:
            self.tell(News(name, "remark", str(failure)))
        else:
            self.tell(News(name, "remark", f"{name} is back."))
        finally:
            self._since[name] = time.monotonic()

    def _next_delay(self, name: str) -> float:
        steady = time.monotonic() - self._since.get(name, float("-inf")) > STEADY
        self._delays[name] = FIRST_DELAY if steady else min(self._delays[name] * 2, LONGEST_DELAY)
        return self._delays[name]


def _ending(program: Program) -> str:
    code = program.process.exit_code
    return f"was killed by signal {-code}" if code is not None and code < 0 else f"stopped by itself (exit {code})"
