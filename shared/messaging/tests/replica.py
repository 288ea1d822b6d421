"""Another replica, in a process of its own, so that it can be frozen: `replica.py <dsn of both> <nats> <passwords>`."""

import asyncio
import json
import sys
from typing import Any

import nats
from sqlalchemy.ext.asyncio import async_sessionmaker

from shared.messaging import bus
from shared.messaging.connections import bus_engine
from shared.messaging.pump import Pump
from shared.messaging.relay import Relay
from shared.messaging.tests.stage import LISTENER, SAYER, Said, note
from shared.messaging.work import UnitOfWork
from shared.settings import BusSettings


async def slowly(event: Said, work: UnitOfWork) -> None:
    """Take a while over each event, so that being frozen meets an open transaction."""
    await note(event, work)
    await asyncio.sleep(0.02)


async def main(address: dict[str, Any]) -> None:
    async def client(user: str) -> Any:
        options = bus.options(BusSettings(nats_url=address["nats"]), user)
        return await nats.connect(**options, user=user, password=address["passwords"][user])

    sessions = async_sessionmaker(bus_engine(address[LISTENER], "replica", 2), expire_on_commit=False)
    handlers = {Said: [slowly if address["slow"] else note]}
    relay = Relay(SAYER, address[SAYER], await client(SAYER))
    pump = Pump(LISTENER, SAYER, handlers, sessions, await client(LISTENER))
    await asyncio.gather(relay.run(), pump.run())


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
