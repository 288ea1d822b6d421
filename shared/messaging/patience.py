"""How the bus waits: growing pauses that never exceed a bound, and work that is finished before leaving."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")
FINISHING_SECONDS = 10.0


class Pauses:
    """Growing pauses between tries of the same thing, in seconds, from `first` doubling up to `longest`."""

    def __init__(self, first: float = 0.05, longest: float = 1.0) -> None:
        self._first, self._longest = first, longest
        self._next = first

    def reset(self) -> None:
        """Begin small again, after a success."""
        self._next = self._first

    async def take(self) -> None:
        """Wait; with jitter, so that replicas do not try in step."""
        heed_stop()
        pause, self._next = self._next, min(self._next * 2, self._longest)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - nobody guards a secret with it


def heed_stop() -> None:
    """Raise CancelledError where the running task was told to stop and a library forgot it.

    nats-py waits with wait_for, which on Python 3.11 drops a cancellation that arrives together with the answer.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def nothing() -> None:
    """Wake nobody."""


async def woken(wake: asyncio.Event, within: float) -> bool:
    """Tell whether the event came within so many seconds.

    Not by wait_for: on Python 3.11 that forgets a cancellation which arrives together with the event.
    """
    try:
        async with asyncio.timeout(within):
            await wake.wait()
    except TimeoutError:
        return False
    return True


async def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what some work returns; when cancelled meanwhile, let it finish first (10 s at most)."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=FINISHING_SECONDS)
        if task.done() and not task.cancelled():
            task.exception()  # seen, so that asyncio does not complain about it
        task.cancel()
        raise
