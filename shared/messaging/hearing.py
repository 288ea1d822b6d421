"""What a service hears: its handlers by event type, and an event's bytes as its contract and its origin."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import create_model

from shared.contracts.actor import Actor
from shared.contracts.base import Envelope, Event
from shared.kernel.ids import derived_id
from shared.messaging.handler import Handler, handler_name, wants_ask
from shared.messaging.work import Origin

Handlers = Mapping[type[Event], Sequence[Handler]]


@dataclass(frozen=True, slots=True)
class Heard:
    """One event, ready to be handled."""

    event: Event
    event_id: UUID
    aggregate_id: UUID
    origin: Origin


@dataclass(frozen=True, slots=True)
class Identity:
    """What can be told of an event whose bytes may not make sense."""

    event_id: UUID
    aggregate_id: UUID


@dataclass(frozen=True, slots=True)
class Listening:
    """One type of event and who handles it here. `envelope` reads the whole message in one pass."""

    envelope: type[Envelope]
    handlers: Mapping[str, Handler]

    def read(self, body: bytes, traceparent: str | None = None) -> Heard:
        """Return the event these bytes hold. Raises pydantic's ValidationError."""
        envelope = self.envelope.model_validate_json(body)
        who = envelope.actor
        origin = Origin(
            actor=Actor(type=who.type, id=who.id, name=who.name, on_behalf_of=who.on_behalf_of),
            as_of=envelope.occurred_at,
            correlation_id=envelope.correlation_id,
            causation_id=str(envelope.id),
            traceparent=traceparent,
        )
        fact: Any = envelope.data
        return Heard(fact, envelope.id, envelope.aggregate_id, origin)


def listening(handlers: Handlers) -> dict[str, Listening]:
    """Return who handles what, by event type.

    Raises TypeError for two handlers of one name, which a parked event could not tell apart, and for one that asks:
    an event handler runs in the pump's transaction, which never waits on the network.
    """
    heard: dict[str, Listening] = {}
    for contract, functions in handlers.items():
        named = {handler_name(function): function for function in functions}
        if len(named) < len(functions):
            raise TypeError(f"two handlers of {contract.__name__} have the same name")
        if asking := [name for name, function in named.items() if wants_ask(function)]:
            raise TypeError(f"{asking[0]} handles an event, so it must not ask; let it schedule a job that does")
        envelope = create_model(f"{contract.__name__}Envelope", __base__=Envelope, data=(contract, ...))
        heard[contract.type()] = Listening(envelope, named)
    return heard


def identity(producer: str, seq: int, body: bytes) -> Identity:
    """Return whose event this is as far as its bytes tell; one that tells nothing is an aggregate of its own."""
    own = derived_id(producer, str(seq))
    try:
        loose = json.loads(body)
        return Identity(UUID(loose["id"]), UUID(loose["aggregate_id"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Identity(own, own)
