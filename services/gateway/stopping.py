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
    loop, before = asyncio.get_running_loop(), {number: signal.getsignal(number) for number in SIGNALS}
    heard: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        loop.call_soon_threadsafe(leave)
        server: Any = before[signal.Signals(number)]
        if not callable(server):
            return
        if drain_seconds and len(heard) == 1:
            loop.call_soon_threadsafe(loop.call_later, drain_seconds, server, number, None)
        else:
            server(number, frame)

    for number in SIGNALS:
        if callable(before[number]):  # a signal that nobody hears stays as it is
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, handler)
