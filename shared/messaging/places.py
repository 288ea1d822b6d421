"""Where in a stream to read on: a place is the producer's number; where the stream keeps it is only a hint."""

from dataclasses import dataclass

from nats.aio.client import Client

from shared.messaging.jetstream import StreamState, stored


@dataclass(frozen=True, slots=True)
class Place:
    """Everything up to the producer's number `seq` is known.

    `stream_seq` in the stream's life `epoch` is where that event was; `whole` looks through the stream from its start.
    """

    epoch: str = ""
    stream_seq: int = 0
    seq: int = 0
    whole: bool = False


async def find(nc: Client, stream: str, state: StreamState, place: Place) -> int:
    """Return the stream's sequence to read from so that nothing after the place is passed over.

    A hint is believed only when the message there carries the very number; else the stream is read from its beginning.
    """
    if not place.whole and place.seq:
        hints = [place.stream_seq] if place.epoch == state.created else []
        # A stream numbers as its producer does, a constant apart: after a wipe the place is found without reading all.
        first = await stored(nc, stream, state.first_seq) if state.messages else None
        if first is not None and first.seq is not None:
            hints.append(state.first_seq + place.seq - first.seq)
        for hint in hints:
            if state.first_seq <= hint <= state.last_seq:
                found = await stored(nc, stream, hint)
                if found is not None and found.seq == place.seq:
                    return hint + 1
    return max(state.first_seq, 1)
