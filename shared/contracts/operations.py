"""What every service answers about its own part of the bus, to its peers and to operators."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission, service_permission
from shared.contracts.base import ANY_SERVICE, Command, Query
from shared.contracts.values import Contract, Done, LongText, Ordinal, Page
from shared.kernel.problems import Conflict, NotFound

OPERATE = frozenset({Permission.OPERATE})

Reason = Annotated[LongText, Field(min_length=3)]


class KeptEvent(Contract):
    """An event as its owner's outbox keeps it: the bytes are the very ones that were published."""

    seq: int
    type: str
    body: str
    traceparent: str | None = None


class EventPage(Contract):
    """Some events in order, fewer than asked for where they are big; `last_seq` is the last number given so far."""

    events: list[KeptEvent]
    last_seq: int


class ParkedView(Contract):
    """An event set aside for one handler. Without an error it only waits for an earlier one of its aggregate."""

    producer: str
    seq: int
    handler: str
    event_id: UUID
    type: str
    aggregate_id: UUID
    error: str | None
    attempts: int
    next_try: datetime | None
    parked_at: datetime
    body: str


class RelayView(Contract):
    """How far a service's events are: numbered, published, and the age in seconds of the oldest that is not."""

    last_seq: int
    published_seq: int
    oldest_unsent_seconds: float
    beat_seconds: float


class CursorView(Contract):
    """How far a service has heard a producer. `lag`: events it knew of at its last beat and had not applied."""

    producer: str
    seq: int
    lag: int
    beat_seconds: float


class ServiceStatus(Contract):
    """Where a service stands on the bus."""

    service: str
    relay: RelayView
    cursors: list[CursorView]
    parked: int
    jobs_due: int
    jobs_failed: int


class Drift(Contract):
    """An invariant that does not hold, and where."""

    check: str
    detail: str


class Reconciliation(Contract):
    """The invariants a service looked at, and every drift it found."""

    checks: list[str]
    drifts: list[Drift]


class NotParked(NotFound):
    """No such event is parked for that handler; list the parked events again."""


class NotHeardYet(NotFound):
    """This service has not heard that producer so far; status shows how far it has."""


class NotTheHead(Conflict):
    """An earlier event of the same aggregate is parked for this handler: decide about that one first."""


class ReplayEvents(
    Query[EventPage],
    subject="*.replay_events.v1",
    allow={service_permission(ANY_SERVICE)} | OPERATE,
    asked_by={ANY_SERVICE},
):
    """Asks an owner for its events from a number on, straight from its outbox; the stream need not exist."""

    timeout: ClassVar[float] = 2.0

    service: str
    from_seq: Annotated[int, Field(ge=1)]
    limit: Annotated[int, Field(ge=1, le=200)] = 200


class ListParked(Query[Page[ParkedView]], subject="*.list_parked.v1", allow=OPERATE):
    """Lists what a service has set aside, oldest first."""

    service: str
    producer: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class RetryParked(Command[Done], subject="*.retry_parked.v1", allow=OPERATE, keyed=False):
    """Gives a parked event another series of tries, beginning now."""

    service: str
    producer: str
    seq: Ordinal
    handler: str
    reason: Reason


class DiscardParked(Command[Done], subject="*.discard_parked.v1", allow=OPERATE, keyed=False):
    """Gives a parked event up for good; those queued behind it are handled."""

    service: str
    producer: str
    seq: Ordinal
    handler: str
    reason: Reason


class HearAgain(Command[Done], subject="*.hear_again.v1", allow=OPERATE, keyed=False):
    """Has a service hear a producer again from an event on; effects that stand already are not made twice."""

    service: str
    producer: str
    from_seq: Ordinal
    reason: Reason


class ReadStatus(Query[ServiceStatus], subject="*.read_status.v1", allow=OPERATE):
    """Asks a service where it stands on the bus."""

    service: str


class Reconcile(Query[Reconciliation], subject="*.reconcile.v1", allow=OPERATE):
    """Has a service compare its rows with its invariants."""

    timeout: ClassVar[float] = 30.0

    service: str
