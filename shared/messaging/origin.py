"""Where a piece of work comes from. Apart from the unit of work, so that who only asks needs no database library."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.actor import VISITOR, Actor
from shared.kernel import clock
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class Origin:
    """Where a piece of work comes from: who asked, when, and which thread of the story it continues.

    `token` is the caller's own, carried to every service asked on the way and never stored. `request_key` is the
    idempotency key as the caller sent it, and `digest` what the inbox keeps of the body it came with. `deadline` is
    the moment (UTC) after which nobody waits for the answer.
    """

    actor: Actor = VISITOR
    as_of: datetime = field(default_factory=clock.now)
    correlation_id: str = field(default_factory=lambda: str(new_id()))
    causation_id: str | None = None
    traceparent: str | None = None
    token: str | None = None
    request_key: str | None = None
    digest: bytes | None = None
    deadline: datetime | None = None
