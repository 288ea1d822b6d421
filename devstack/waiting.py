"""Waiting for a condition with a deadline, and the one question every program is asked: do you answer?"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any


async def until(condition: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Return True as soon as `condition()` holds, False when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(every)
    return True


async def http_status(port: int, path: str, seconds: float = 1.0) -> int | None:
    """Return the status of `GET path` on a loopback port, or None when nobody answers in time."""
    try:
        return await asyncio.wait_for(_ask(port, path), seconds)
    except (OSError, ValueError, IndexError, TimeoutError, asyncio.IncompleteReadError):
        return None


async def _ask(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        status_line = await reader.readline()
        return int(status_line.split()[1])
    finally:
        writer.close()


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do several things at once; the first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def listens(port: int, seconds: float = 1.0) -> bool:
    """Whether somebody takes connections on a loopback port."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), seconds)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
