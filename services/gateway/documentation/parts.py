"""Parts of the OpenAPI document that many operations share: headers, parameters, and what a problem looks like."""

from typing import Any

from services.gateway import problems as door
from shared.kernel import problems as kernel
from shared.kernel.problems import FieldError, Problem
from shared.messaging import callers

TEXT = {"type": "string"}
TRACE = "0192f3a4-5b6c-7d8e-9f00-1a2b3c4d5e6f"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why the answer is no (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "trace_id"],
    "properties": {
        "type": TEXT | {"format": "uri-reference", "description": "Where this kind of problem is explained."},
        "title": TEXT | {"description": "The kind of problem in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": TEXT | {"pattern": "^[A-Z][A-Z0-9_]*$", "description": "The kind of problem, for programs."},
        "detail": TEXT | {"description": "What happened and what to do, for people."},
        "errors": {
            "type": "array",
            "description": "What is wrong, field by field.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": TEXT | {"description": "Which field, as a JSON pointer (RFC 6901)."},
                    "code": TEXT,
                    "message": TEXT,
                },
            },
        },
        "details": {"type": "object", "description": "Further facts.", "additionalProperties": True},
        "trace_id": {"type": ["string", "null"], "description": "What to tell whoever looks into it."},
    },
}

PARAMETERS: dict[str, Any] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Any unique text of 1 to 200 printable characters; the same one when this request is repeated.",
        "schema": TEXT | {"minLength": 1, "maxLength": 200},
        "example": "3f0c6a52-8a53-4d0b-9a57-1d2f7c1f6c11",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag you last read.",
        "schema": TEXT,
        "example": '"3"',
    },
    "IfMatchToChange": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag you last read; left out where there is nothing to change yet.",
        "schema": TEXT,
        "example": '"3"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag you have; the answer is 304 while nothing has changed.",
        "schema": TEXT,
    },
    "LastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The id of the last event you heard.",
        "schema": TEXT | {"pattern": "^[a-z][a-z_]*-[0-9]{1,18}$"},
        "example": "orders-17",
    },
    "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Your own name for this request; it goes through every service, log line and event.",
        "schema": TEXT | {"maxLength": 128, "pattern": "^[A-Za-z0-9._:-]+$"},
    },
}

HEADERS: dict[str, Any] = {
    "ETag": {"description": "The version of what is shown, for If-Match and If-None-Match.", "schema": TEXT},
    "Location": {"description": "Where the new resource is.", "schema": TEXT | {"format": "uri-reference"}},
    "Link": {"description": 'The next page, as `<…>; rel="next"`; absent at the end.', "schema": TEXT},
    "RetryAfter": {"description": "Seconds to wait before another try.", "schema": {"type": "integer"}},
    "Replayed": {"description": "`true` when this answer was given before.", "schema": TEXT | {"const": "true"}},
    "RequestId": {"description": "Names this request in logs and problems.", "schema": TEXT},
    "Allow": {"description": "The methods this path knows.", "schema": TEXT},
}

SIGNED_IN = (kernel.Unauthorized, callers.TokenExpired, callers.TokenInvalid, callers.AccountClosed)
ALWAYS = (kernel.Malformed, kernel.TooManyRequests, kernel.InternalError, kernel.Unavailable)
WITH_BODY = (door.InvalidJson, door.TooDeep, door.BodyTooLarge, door.UnsupportedMediaType)
WITH_KEY = (
    kernel.IdempotencyKeyRequired,
    door.IdempotencyKeyInvalid,
    kernel.IdempotencyMismatch,
)
FORBIDDEN = kernel.Forbidden
WITH_VERSION = (kernel.PreconditionRequired, kernel.PreconditionFailed)


def example(kind: type[Problem]) -> dict[str, Any]:
    """Return what a problem of this kind looks like."""
    faults = [FieldError("/lines/0/quantity", "GREATER_THAN", "Input should be greater than 0")]
    problem = kind(errors=faults if kind is kernel.Malformed else ())
    problem.trace_id = TRACE
    return problem.to_dict()


def EXAMPLES() -> dict[str, Any]:  # noqa: N802 - it stands beside its like, but needs every contract imported first
    """Return an example of every problem known, by code."""
    kinds = sorted(Problem.registry.values(), key=lambda kind: kind.code)
    return {kind.code: {"summary": kind.title(), "value": example(kind)} for kind in kinds}
