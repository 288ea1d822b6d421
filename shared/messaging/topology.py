"""One stream per owner, derived from contracts."""

from typing import Any

from nats.aio.client import Client

from shared.contracts.base import Event, Request
from shared.messaging.jetstream import NO_STREAM, JetStreamError, StreamState, call, read_state, stream_state

SECOND = 1_000_000_000  # JetStream counts nanoseconds
MAX_AGE_DAYS = 14
MAX_BYTES = 600 * 1024 * 1024  # six owners fit below the broker's max_file_store of 4 GB


class TopologyDrift(Exception):
    """A stream is not configured as the contracts imply; the sentence says which field differs and what to do."""


def stream_name(service: str) -> str:
    """Return the name of an owner's stream."""
    return service.upper()


def configuration(service: str) -> dict[str, Any]:
    """Return the whole configuration of an owner's stream, as JetStream writes it."""
    return {
        "name": stream_name(service),
        "subjects": [f"{Event.prefix}.{service}.>"],
        "retention": "limits",
        "storage": "file",
        "num_replicas": 1,
        # Refusing new events is noticed by the relay; dropping old ones would be noticed by nobody.
        "discard": "new",
        "max_age": MAX_AGE_DAYS * 86_400 * SECOND,
        "max_bytes": MAX_BYTES,
        "max_msgs": -1,
        "max_msgs_per_subject": -1,
        "max_msg_size": -1,
        "duplicate_window": 120 * SECOND,
        "deny_delete": True,
        "deny_purge": True,
        "allow_direct": True,
        "allow_atomic": True,
    }


def owner_permissions(service: str) -> list[str]:
    """Return the subjects an owner's relay publishes to: its events, and the care of its one stream."""
    stream = stream_name(service)
    api = [f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "MSG.GET")]
    return [f"{Event.prefix}.{service}.>", *api, "$JS.API.STREAM.NAMES"]


def reader_permissions(producer: str) -> list[str]:
    """Return the subjects a listener's reader publishes to."""
    stream = stream_name(producer)
    return [
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.STREAM.MSG.GET.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
    ]


async def ensure_stream(nc: Client, service: str) -> StreamState:
    """Return where an owner's stream stands, created first where there is none.

    Raises TopologyDrift when the broker's configuration differs, JetStreamError or nats.errors.Error when it refuses
    or does not answer.
    """
    try:
        state = await stream_state(nc, stream_name(service))
    except JetStreamError as error:
        if error.code != NO_STREAM:
            raise
        await check_requests(nc)
        state = read_state(await call(nc, f"STREAM.CREATE.{stream_name(service)}", configuration(service)))
    _check(service, state)
    return state


async def check_requests(nc: Client) -> None:
    """Raise TopologyDrift when a stream keeps requests: the asker would take the broker's receipt for an answer."""
    answer = await call(nc, "STREAM.NAMES", {"subject": f"{Request.prefix}.>"})
    if names := answer.get("streams"):
        raise TopologyDrift(f"The stream {', '.join(names)} keeps {Request.prefix}.>; take that subject out of it.")


def _check(service: str, state: StreamState) -> None:
    for field, ours in configuration(service).items():
        theirs = state.config.get(field)
        # The broker leaves out what is false.
        if theirs != ours and not (theirs is None and ours is False):
            raise TopologyDrift(
                f"The stream {stream_name(service)} has {field} = {theirs!r} where the contracts imply {ours!r}. "
                "Undo that change, or delete the stream: its owner creates it anew and publishes everything again."
            )
