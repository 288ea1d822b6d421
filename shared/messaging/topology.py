"""One stream per owner, derived from contracts.

`python -m shared.messaging.topology` shows them; `--provision orders` creates that one, or checks it.
"""

import argparse
import asyncio
import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

import nats
from nats.aio.client import Client

import shared.contracts
from shared.contracts.base import Event, Message, Request
from shared.messaging import bus
from shared.messaging.jetstream import NO_STREAM, JetStreamError, StreamState, call, read_state, stream_state
from shared.settings import BusSettings

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


def load_contracts() -> None:
    """Import every contract module, so that the registry is complete."""
    for module in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
        importlib.import_module(module.name)


def owners() -> list[str]:
    """Return the services whose imported contracts declare events."""
    return sorted({contract.owner for contract in Message.registry.values() if issubclass(contract, Event)})


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


async def provision(settings: BusSettings, services: Sequence[str]) -> None:
    """Create the streams of some owners where they are absent, and say so. Raises TopologyDrift."""
    user, password = settings.nats_user, settings.nats_password.get_secret_value()
    options = bus.options(settings, user) | {"allow_reconnect": False}
    nc = await nats.connect(**options, user=user, password=password)
    try:
        await check_requests(nc)
        for service in services:
            state = await ensure_stream(nc, service)
            sys.stdout.write(f"{stream_name(service)}: {state.messages} messages\n")
    finally:
        await nc.close()


def main() -> int:
    """Print the streams as JSON; with --provision, create an owner's stream where it is absent, or check it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    # Only an owner's own NATS user may create its stream: COURTIER_NATS_USER and _PASSWORD name it.
    parser.add_argument("--provision", metavar="SERVICE", action="append", help="whose stream; may be repeated")
    wanted = parser.parse_args()
    load_contracts()
    if not wanted.provision:
        sys.stdout.write(json.dumps([configuration(service) for service in owners()], indent=2) + "\n")
        return 0
    try:
        asyncio.run(provision(BusSettings(), wanted.provision))
    except TopologyDrift as drift:
        sys.stderr.write(f"{drift}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
