"""A service of two lines for the tests of the house: it is ready, says its environment, and crashes when asked."""

import json
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

SHOWN = ("COURTIER_NATS_URL", "COURTIER_NATS_USER", "COURTIER_DATABASE_URL", "COURTIER_SMTP_URL", "COURTIER_PUBLIC_URL")


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return
    if scope["path"] == "/crash":
        os.kill(os.getpid(), signal.SIGKILL)
    body = json.dumps({"pid": os.getpid(), **{name: os.environ.get(name) for name in SHOWN}}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
