"""The headers of a request and its reply, and what they carry."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from shared.contracts.actor import VISITOR, Actor, ActorType
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.kernel.problems import FieldError, Malformed, Problem, pointer_to
from shared.messaging.callers import bearer
from shared.messaging.origin import Origin

AUTHORIZATION = "authorization"
SERVICE = "X-Service"  # who asks of its own accord: a service, with nobody behind it
IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
AS_OF = "X-As-Of"
DEADLINE = "X-Deadline"
CORRELATION = "X-Correlation-Id"
CAUSATION = "X-Causation-Id"
TRACEPARENT = "traceparent"
# The two headers of the NATS service API (ADR-32): a problem's code, and its HTTP status.
ERROR, ERROR_CODE = "Nats-Service-Error", "Nats-Service-Error-Code"

Headers = Mapping[str, str]


def request_headers(origin: Origin, key: str | None, deadline: datetime) -> dict[str, str]:
    """Return what travels with a request: who asks, for which moment, until when, in which story."""
    headers = {
        AS_OF: origin.as_of.isoformat(),
        DEADLINE: deadline.isoformat(),
        CORRELATION: origin.correlation_id,
    }
    optional = {
        AUTHORIZATION: origin.token and f"Bearer {origin.token}",
        SERVICE: None if origin.token else _service(origin.actor),
        IDEMPOTENCY_KEY: key,
        CAUSATION: origin.causation_id,
        TRACEPARENT: origin.traceparent,
    }
    return headers | {name: value for name, value in optional.items() if value}


def read_origin(headers: Headers, actor: Actor = VISITOR) -> Origin:
    """Return where a request comes from; what a caller left out is now, unknown or nobody.

    Raises TokenInvalid for an Authorization header that is not a bearer's.
    """
    return Origin(
        actor=actor,
        as_of=_moment(headers.get(AS_OF)) or clock.now(),
        correlation_id=headers.get(CORRELATION) or str(new_id()),
        causation_id=headers.get(CAUSATION),
        traceparent=headers.get(TRACEPARENT),
        token=bearer(headers.get(AUTHORIZATION)),
        request_key=headers.get(IDEMPOTENCY_KEY),
        deadline=_moment(headers.get(DEADLINE)),
    )


def _service(actor: Actor) -> str | None:
    return actor.name if actor.type is ActorType.SERVICE else None


def problem_body(problem: Problem) -> bytes:
    """Return a problem as the bytes of its document; details may hold any contract value."""
    return to_json(problem.to_dict(), fallback=str)


def problem_headers(problem: Problem) -> dict[str, str]:
    """Return the headers that mark a reply as a problem."""
    return {ERROR: problem.code, ERROR_CODE: str(problem.status)}


def read_problem(body: bytes) -> Problem:
    """Return the problem that a reply's bytes describe, by its own class."""
    return Problem.from_dict(json.loads(body))


def malformed(error: ValidationError) -> Malformed:
    """Return what is wrong with a message, field by field, by JSON pointer."""
    faults = [
        FieldError(
            pointer=pointer_to(*fault["loc"]),
            code=str(fault["type"]).upper(),
            message=_sentence(fault),
        )
        for fault in error.errors(include_url=False, include_context=True)
    ]
    return Malformed(errors=faults)


def _sentence(fault: Any) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
