"""Asking a producer for events that its stream does not hold any more."""

from collections.abc import Sequence

from nats.aio.client import Client

from shared.contracts.actor import service_actor
from shared.contracts.operations import KeptEvent, ReplayEvents
from shared.messaging.reader import Arrival
from shared.messaging.rpc import RpcClient
from shared.messaging.wire import TRACEPARENT
from shared.messaging.work import Origin


class TooFarBehind(Exception):
    """The owner does not have an event we lack: it was pruned after 30 days, or its database was restored."""


async def replayed(nc: Client, service: str, producer: str, from_seq: int) -> tuple[Sequence[Arrival], int]:
    """Return some events from a number on, straight from their owner's outbox, and its last number.

    Raises Unavailable when the owner does not answer, TooFarBehind when it does not have that event.
    """
    ask = RpcClient(nc, Origin(actor=service_actor(service)))
    page = await ask(ReplayEvents(service=producer, from_seq=from_seq))
    arrivals = [_arrival(kept) for kept in page.events]
    if [arrival.seq for arrival in arrivals] != list(range(from_seq, from_seq + len(arrivals))) or not arrivals:
        raise TooFarBehind(
            f"{producer} does not have event {from_seq} any more (its last is {page.last_seq}). What {service} keeps "
            f"of {producer} must be rebuilt, and the cursor set."
        )
    return arrivals, page.last_seq


def _arrival(kept: KeptEvent) -> Arrival:
    headers = {TRACEPARENT: kept.traceparent} if kept.traceparent else {}
    return Arrival(kept.seq, 0, kept.type, kept.body.encode(), headers)
