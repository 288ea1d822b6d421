"""Closed accounts, heard by every process by itself: a token that outlives its account is refused within seconds."""

import asyncio
import logging
from datetime import timedelta

from nats.aio.client import Client
from pydantic import ValidationError

from shared.contracts.base import Envelope
from shared.contracts.identity import AccountDisabled, AccountEnabled
from shared.kernel import clock
from shared.messaging.callers import Callers
from shared.messaging.reader import Arrival, StreamReader

# The longest an access token lives, and a minute for clocks that differ.
LOOK_BACK = timedelta(minutes=11)
log = logging.getLogger(__name__)


async def watch_closures(nc: Client, callers: Callers) -> None:
    """Block and unblock accounts as identity says, for ever; starts with what was said while tokens still live."""
    reader = StreamReader(nc, AccountDisabled.owner, clock.now() - LOOK_BACK)
    try:
        async for arrivals in reader.batches():
            for arrival in arrivals:
                _hear(arrival, callers)
    finally:
        await asyncio.shield(reader.close())


def _hear(arrival: Arrival, callers: Callers) -> None:
    if arrival.type not in (AccountDisabled.type(), AccountEnabled.type()):
        return
    try:
        event = Envelope.read(arrival.body).event()
    except ValidationError:
        log.exception("an event of identity makes no sense: %s", arrival.type)
        return
    if isinstance(event, AccountDisabled):
        callers.block(event.account.id)
    elif isinstance(event, AccountEnabled):
        callers.unblock(event.account.id)
