"""One child process: started on a leash, logged to a file, stopped, killed, paused and resumed by name."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devstack.waiting import until

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside once, as `<name>.log.1`, at the next start


@dataclass(frozen=True, slots=True)
class Account:
    """The user a program runs as."""

    uid: int
    gid: int


@dataclass(slots=True)
class Process:
    """A program that dies with its parent. Start it from the thread that lives longest: the kernel watches threads.

    It has a session of its own, so that Ctrl-C in a terminal reaches only the parent, who stops its children in order.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    _popen: "subprocess.Popen[bytes] | None" = None
    _log_start: int = 0

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.running:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        user = self.account or Account(0, 0)
        knot = [str(number) for number in (os.getpid(), self.death_signal.value, user.uid, user.gid)]
        with self.log.open("ab") as out:
            self._log_start = out.tell()
            self._popen = subprocess.Popen(
                [sys.executable, "-I", "-S", str(LEASH), *knot, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        """Whether it lives; asking also reaps it when it does not."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def pid(self) -> int:
        """Its process id, also after its end."""
        if self._popen is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended: None while it lives, negative for a signal."""
        return self._popen.poll() if self._popen else None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.running:
            os.kill(self.pid, number)

    def pause(self) -> None:
        """Freeze it where it stands (SIGSTOP), and return when it does: its other threads may still have answered."""
        self.signal(signal.SIGSTOP)
        if self.running and hasattr(os, "waitid"):
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOWAIT)

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self.signal(signal.SIGCONT)

    async def ended(self, seconds: float) -> bool:
        """Wait for its end."""
        return await until(lambda: not self.running, seconds)

    async def succeeds(self, seconds: float) -> bool:
        """Start it, wait for its end, and tell whether it was a good one; killed when it takes longer."""
        try:
            self.start()
            await self.ended(seconds)
        finally:
            await self.kill()
        return self.exit_code == 0

    async def kill(self) -> None:
        """End it at once (SIGKILL) and reap it."""
        self.signal(signal.SIGKILL)
        await self.ended(10)

    async def stop(self, seconds: float = 12) -> None:
        """Ask it to end, and end it when it has not within `seconds`. A frozen one is resumed first, to hear it."""
        self.signal(self.stop_signal)
        self.resume()
        if not await self.ended(seconds):
            await self.kill()

    def said(self, lines: int = 5) -> str:
        """Return the last lines it logged since its latest start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, self.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


class Child:
    """Whoever runs as one process, and is killed and frozen as it is."""

    process: Process

    async def kill(self) -> None:
        """Kill -9."""
        await self.process.kill()

    def pause(self) -> None:
        """Freeze it (SIGSTOP)."""
        self.process.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.process.resume()
