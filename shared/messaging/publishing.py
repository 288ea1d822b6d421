"""Sending numbered events to their stream: all of a batch or none of it, and only right behind what is known there."""

from collections.abc import Sequence
from uuid import uuid4

from nats.aio.client import Client

from shared.messaging.jetstream import SEQ_HEADER, JetStreamError, StreamState, need_connection, send, stored
from shared.messaging.outbox import Unsent
from shared.telemetry import well_formed

DUPLICATE_IN_BATCH = 10201
LOOK_BACK = 600  # messages


class Duplicate(JetStreamError):
    """The broker remembers an event of this batch, although it is not where it should be."""


async def publish(nc: Client, service: str, unsent: Sequence[Unsent], last_stream_seq: int, again: bool = False) -> int:
    """Publish events as one atomic batch (ADR-50) and return the stream's sequence of the last one.

    `again`: under ids the broker cannot remember, for what it had and lost. Refused unless the stream ends at
    `last_stream_seq`, so a relay that was unseated, or works from a false idea of the stream, changes nothing. Raises
    JetStreamError when refused, Duplicate when it remembers an event, nats.errors.Error when nobody answers: then
    whether the batch is there is not known.
    """
    batch = uuid4().hex
    suffix = f"-{batch}" if again else ""
    for place, event in enumerate(unsent, 1):
        headers = _headers(service, event, suffix)
        if place == 1:
            headers["Nats-Expected-Last-Sequence"] = str(last_stream_seq)
        if len(unsent) > 1:
            headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(place)}
        if place < len(unsent):
            need_connection(nc)
            await nc.publish(event.subject, event.body, headers=headers)
        else:
            if len(unsent) > 1:
                headers["Nats-Batch-Commit"] = "1"
            await _commit(nc, event, headers, last_stream_seq + len(unsent))
    return last_stream_seq + len(unsent)


async def _commit(nc: Client, event: Unsent, headers: dict[str, str], stream_seq: int) -> None:
    try:
        receipt = await send(nc, event.subject, event.body, headers)
    except JetStreamError as error:
        if error.code == DUPLICATE_IN_BATCH:
            raise Duplicate(error.code, str(error)) from None
        raise
    if receipt["seq"] != stream_seq:  # a single event the broker remembers is not refused, but left out
        raise Duplicate(0, f"the broker has event {event.seq} at {receipt['seq']} already, not at {stream_seq}")


def _headers(service: str, event: Unsent, suffix: str) -> dict[str, str]:
    headers = {"Nats-Msg-Id": f"{service}-{event.seq}{suffix}", SEQ_HEADER: str(event.seq)}
    if traceparent := well_formed(event.traceparent):
        headers["traceparent"] = traceparent
    return headers


async def last_numbered(nc: Client, state: StreamState, stream: str, published: int) -> tuple[int, bytes] | None:
    """Return number and body of the highest event near the end of a stream; None: there is none.

    That is the last message, as a rule. Where it is lower than `published`, the end was lost, or somebody repeated
    older events behind it: some hundred messages before it tell which.
    """
    best: tuple[int, bytes] | None = None
    for stream_seq in range(state.last_seq, max(state.first_seq, state.last_seq - LOOK_BACK) - 1, -1):
        found = await stored(nc, stream, stream_seq)
        if found is not None and found.seq is not None and (best is None or found.seq > best[0]):
            best = (found.seq, found.body)
        if best is not None and best[0] >= published:
            break
    return best
