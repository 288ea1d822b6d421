"""The door of the one-row chain: a bare ASGI app that asks over NATS and passes the bytes on."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import nats

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
nc: Any = None


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer GET /rows/{id}."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    number = scope["path"].rpartition("/")[2].encode()
    body = (await nc.request("bench.row", number, timeout=5)).data
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    global nc
    await receive()
    nc = await nats.connect(os.environ["BENCH_NATS"])
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await nc.close()
    await send({"type": "lifespan.shutdown.complete"})
