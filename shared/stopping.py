"""The moment a process learns that it must stop: before the server closes its doors, not after."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_to_stop(leave: Callable[[], None], drain_seconds: float) -> Iterator[None]:
    """Call `leave` at the first signal to stop; the server hears of it only `drain_seconds` later.

    So the process can say not ready while it still answers, and end what would not end by itself. A second signal
    goes straight to the server. Does nothing in a thread that hears no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    listener = _Listener(leave, drain_seconds)
    listener.listen()
    try:
        yield
    finally:
        listener.restore()


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they have ended: a wait_for that is cancelled as its answer comes forgets it (Python 3.11)."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.2)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # seen, so that asyncio does not complain about it


class _Listener:
    """Stands between the signals and whoever heard them before: uvicorn."""

    def __init__(self, leave: Callable[[], None], drain_seconds: float) -> None:
        self._leave, self._drain = leave, drain_seconds
        self._loop = asyncio.get_running_loop()
        self._servers: dict[int, Any] = {}
        self._heard = False

    def listen(self) -> None:
        for number in SIGNALS:
            server = signal.getsignal(number)
            if callable(server):  # a signal that nobody hears stays as it is
                self._servers[number] = server
                signal.signal(number, self._stop)

    def restore(self) -> None:
        for number, server in self._servers.items():
            if signal.getsignal(number) == self._stop:
                signal.signal(number, server)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        first, self._heard = not self._heard, True
        self._loop.call_soon_threadsafe(self._leave)
        if first and self._drain:
            self._loop.call_soon_threadsafe(self._loop.call_later, self._drain, self._servers[number], number, None)
        else:
            self._servers[number](number, frame)
