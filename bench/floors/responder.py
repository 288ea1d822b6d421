"""The other end of the NATS floors: echoes, and the service of the one-row chain (nats-py, asyncpg, bytes)."""

import asyncio
import os

import asyncpg
import nats
import uvloop
from nats.aio.msg import Msg

ROW = "SELECT body FROM rows WHERE id = $1"
AT_ONCE = 8


async def main() -> None:
    """Answer until killed."""
    pool = await asyncpg.create_pool(os.environ["BENCH_DATABASE"], min_size=AT_ONCE, max_size=AT_ONCE)
    nc = await nats.connect(os.environ["BENCH_NATS"])
    under_way: set[asyncio.Task[None]] = set()

    async def echo(message: Msg) -> None:
        await message.respond(message.data)

    async def look_up(message: Msg) -> None:
        await message.respond(await pool.fetchval(ROW, int(message.data)))

    async def row(message: Msg) -> None:  # nats-py awaits each callback before the next one
        task = asyncio.create_task(look_up(message))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    await nc.subscribe("bench.echo", cb=echo)
    await nc.subscribe("bench.row", cb=row)
    await nc.flush()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
