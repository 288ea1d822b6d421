"""What the door itself may refuse, and how every refusal is written (RFC 9457)."""

import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared import telemetry
from shared.kernel.problems import (
    KIND_BY_STATUS,
    BadRequest,
    InternalError,
    NotFound,
    Problem,
    Unauthorized,
)
from shared.messaging.wire import problem_body

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class RouteNotFound(NotFound):
    """Nothing is found at this path; /openapi.json lists every operation."""


class MethodNotAllowed(Problem):
    """This path does not know this method; the Allow header names those it knows."""

    status = 405


class InvalidJson(BadRequest):
    """The body is not valid JSON."""


class TooDeep(BadRequest):
    """The JSON of the body is nested too deep."""


class BodyTooLarge(Problem):
    """The body is too large; send less at once."""

    status = 413


class UploadCutShort(BadRequest):
    """The file ended too early; send it again."""


class UnsupportedMediaType(Problem):
    """Send the body as JSON, with Content-Type: application/json."""

    status = 415


class IdempotencyKeyInvalid(BadRequest):
    """An Idempotency-Key is one to 200 printable ASCII characters without spaces at its ends."""


def written(problem: Problem, request: Request, retry_after: float | None = None) -> Response:
    """Return a problem as the answer to a request, with the headers its status asks for."""
    problem.trace_id = problem.trace_id or telemetry.trace_id() or request.scope.get("courtier.request_id")
    headers: dict[str, str] = {}
    said = problem.details.get("retry_after", problem.retry_after)
    wait = retry_after if retry_after is not None else said
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(-(-wait // 1))))
    if isinstance(problem, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(problem_body(problem), problem.status, headers, MEDIA_TYPE)


async def refused(request: Request, problem: Exception) -> Response:
    """Answer a problem that a route or an owner raised."""
    assert isinstance(problem, Problem)
    return written(problem, request)


async def misdirected(request: Request, error: Exception) -> Response:
    """Answer what the router could not place: an unknown path or method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return written(RouteNotFound(), request)
    if error.status_code != 405:
        kind = KIND_BY_STATUS.get(error.status_code, BadRequest)
        return written(kind(), request)
    answer = written(MethodNotAllowed(), request)
    answer.headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return answer


def failed(request: Request, error: Exception) -> Response:
    """Answer a bug of ours: recorded with all there is, told with nothing but its trace id."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return written(InternalError(), request)


def _methods_of(request: Request) -> set[str]:
    """Return every method that some route of this path knows."""
    routes: list[Any] = request.app.router.routes
    matching = (route for route in routes if getattr(route, "methods", None) and _fits(route, request))
    methods = {method for route in matching for method in route.methods}
    return methods | ({"HEAD"} if "GET" in methods else set())


def _fits(route: Any, request: Request) -> bool:
    return route.path_regex.match(request.scope["path"]) is not None
