"""Sending numbered events to their stream: all of a batch or none of it, and only right behind what is known there."""

import re
from collections.abc import Sequence
from uuid import uuid4

from nats.aio.client import Client

from shared.messaging.jetstream import SEQ_HEADER, JetStreamError, need_connection, send, stored
from shared.messaging.outbox import Unsent
from shared.messaging.topology import stream_name

TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


async def publish(nc: Client, service: str, unsent: Sequence[Unsent], last_stream_seq: int) -> int:
    """Publish events as one atomic batch (ADR-50) and return the stream's sequence of the last one.

    Refused unless the stream ends at `last_stream_seq`, so a relay that was unseated, or one that works from a false
    idea of the stream, changes nothing. Raises JetStreamError when refused, nats.errors.Error when nobody answers:
    then whether they are there is not known.
    """
    batch = uuid4().hex
    for place, event in enumerate(unsent, 1):
        headers = _headers(service, event)
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
            receipt = await send(nc, event.subject, event.body, headers)
    if receipt["seq"] != last_stream_seq + len(unsent):
        raise JetStreamError(0, f"the broker says {receipt} after sequence {last_stream_seq}")
    return last_stream_seq + len(unsent)


def _headers(service: str, event: Unsent) -> dict[str, str]:
    headers = {"Nats-Msg-Id": f"{service}-{event.seq}", SEQ_HEADER: str(event.seq)}
    # It came from outside once: what is no traceparent is not passed on.
    if event.traceparent and TRACEPARENT.fullmatch(event.traceparent):
        headers["traceparent"] = event.traceparent
    return headers


async def last_numbered(nc: Client, service: str, first_seq: int, last_seq: int) -> tuple[int, bytes] | None:
    """Return number and body of the newest event of a stream, past messages no relay wrote; None: there is none."""
    for stream_seq in range(last_seq, first_seq - 1, -1):
        found = await stored(nc, stream_name(service), stream_seq)
        if found is not None and found.seq is not None:
            return found.seq, found.body
    return None
