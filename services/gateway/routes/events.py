"""/v1/events: what happens in the house, as it happens, for staff. Server-sent events."""

from starlette.requests import Request

from services.gateway.routing import resource
from services.gateway.streaming import EventStream, LastHeard, Wanted
from services.gateway.filling import unknown_field
from shared.contracts.actor import Permission
from shared.kernel.problems import FieldError, Forbidden, Malformed, Unauthorized, Unavailable
from shared.messaging.callers import bearer

router = resource("/events", "events")
