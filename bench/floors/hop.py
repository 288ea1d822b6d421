"""The floor of an event's way: `hop relay` publishes what NOTIFY tells of, `hop consumer` books each event once."""

import asyncio
import os
import sys
from typing import Any

import asyncpg
import nats
import uvloop
from nats.aio.msg import Msg

SUBJECT, STREAM = "bench.events", "BENCH"
UNSENT = "SELECT id, order_id, body FROM outbox WHERE told AND NOT sent ORDER BY id LIMIT 200"
SENT = "UPDATE outbox SET sent = true WHERE id = ANY($1)"
BOOK = "INSERT INTO booked (order_id, amount) VALUES ($1, 1) ON CONFLICT DO NOTHING"
LOOK_SECONDS = 1.0


async def relay() -> None:
    """Publish the outbox as soon as it is told to look; as a precaution look every second."""
    connection = await asyncpg.connect(os.environ["BENCH_DATABASE"])
    nc = await nats.connect(os.environ["BENCH_NATS"])
    stream = nc.jetstream()
    await stream.add_stream(name=STREAM, subjects=[SUBJECT])
    rung = asyncio.Event()
    await connection.add_listener("outbox", lambda *_: rung.set())
    print("ready", flush=True)
    while True:
        rung.clear()
        rows = await connection.fetch(UNSENT)
        await asyncio.gather(*(_publish(stream, row) for row in rows))
        if rows:
            await connection.execute(SENT, [row["id"] for row in rows])
            continue
        try:
            await asyncio.wait_for(rung.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue


async def _publish(stream: Any, row: Any) -> None:
    await stream.publish(SUBJECT, row["body"], headers={"Order": str(row["order_id"])})


async def consumer() -> None:
    """Commit one row per event, one after another."""
    connection = await asyncpg.connect(os.environ["BENCH_DATABASE"])
    nc = await nats.connect(os.environ["BENCH_NATS"])

    async def book(message: Msg) -> None:
        await connection.execute(BOOK, (message.headers or {})["Order"])

    await nc.jetstream().subscribe(SUBJECT, cb=book, ordered_consumer=True)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(relay() if sys.argv[1] == "relay" else consumer())
