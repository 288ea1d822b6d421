"""The door: everything a request passes before a route sees it, and every answer on its way out. Plain ASGI.

One pass, because each middleware costs: request id, client address, limits, security headers, CORS, 304, HEAD,
metrics, and one form for whatever goes wrong.
"""

import logging
import re
from time import perf_counter
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.door import measures
from services.gateway.door.headers import Cors, Raw, standing
from services.gateway.door.limits import CallersKnown, Limits
from services.gateway.problems import failed, written
from services.gateway.settings import Settings
from shared import telemetry
from shared.kernel.ids import new_id
from shared.kernel.problems import TooManyRequests

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

READS, CHANGES = logging.DEBUG, logging.INFO
log = logging.getLogger(__name__)


class Door:
    """Surrounds the routes. It leaves in the scope what they need: request id, client address, traceparent."""

    def __init__(self, app: ASGIApp, settings: Settings, known: CallersKnown) -> None:
        self._app = app
        self._proxies = settings.trusted_proxies
        self._cors = Cors(settings.cors_origins)
        self._limits = Limits.of(settings)
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in and its answer out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, headers = perf_counter(), _first_of_each(scope["headers"])
        silent = scope["method"] == "HEAD"
        # A copy: the server looks at its own scope to know whether the client expects a body.
        scope = {**scope, "method": "GET"} if silent else scope
        self._prepare(scope, headers)
        answer = Answer(send, scope, headers, self._cors, silent)
        with (
            telemetry.story(correlation_id=scope["courtier.request_id"]),
            telemetry.span(scope["method"], "server", scope["courtier.traceparent"]) as span,
        ):
            scope["courtier.traceparent"] = span.traceparent
            try:
                await self._admit(scope, headers, receive, answer)
            except Exception as error:
                span.error = type(error).__name__
                bug = failed(Request(scope), error)
                if not answer.started:
                    await bug(scope, receive, answer)
            _describe(span, scope, answer.status)
            # Reads are many, and the metrics count them; a change is worth a line.
            log.log(READS if scope["method"] == "GET" else CHANGES, "%s: %s", measures.template(scope), answer.status)
        measures.observe(scope, answer.status, perf_counter() - started)

    def _prepare(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        wanted = headers.get(b"x-request-id", b"").decode("latin-1")
        scope["courtier.request_id"] = wanted if REQUEST_ID.fullmatch(wanted) else str(new_id())
        scope["courtier.traceparent"] = telemetry.well_formed(headers.get(b"traceparent", b"").decode("latin-1"))
        scope["courtier.address"] = client_address(scope, self._proxies)
        scope["courtier.asks"] = 0

    async def _admit(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: "Answer") -> None:
        method, path = scope["method"], scope["path"]
        if method == "OPTIONS" and b"access-control-request-method" in headers:
            preflight = self._cors.preflight(headers.get(b"origin"))
            if preflight:
                await preflight(scope, receive, send)
                return
        if path.startswith("/v1/") and (seconds := self._wait(scope, headers)):
            detail = f"Too many requests; wait {max(1, round(seconds))} s, then go on more slowly."
            await written(TooManyRequests(detail), Request(scope), seconds)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _wait(self, scope: Scope, headers: dict[bytes, bytes]) -> float:
        address, authorization = scope["courtier.address"], headers.get(b"authorization")
        caller = self._known.name(authorization.decode("latin-1") if authorization else None, address)
        return self._limits.wait(scope["method"], scope["path"], caller, address)


class Answer:
    """What an answer passes on its way out: it gets the headers all have, and a client that has it already is told."""

    def __init__(self, send: Send, scope: Scope, headers: dict[bytes, bytes], cors: Cors, silent: bool) -> None:
        self.started, self.status = False, 500
        self._send, self._silent = send, silent
        self._has = headers.get(b"if-none-match") if scope["method"] == "GET" else None
        self._headers: Raw = [
            *standing(scope["path"], scope["method"], b"authorization" in headers),
            *cors.headers(headers.get(b"origin")),
            (b"x-request-id", scope["courtier.request_id"].encode("ascii")),
        ]

    async def __call__(self, message: Message) -> None:
        """Pass on one ASGI message."""
        if message["type"] == "http.response.start":
            message = self._begun(message)
        elif self._silent and message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await self._send(message)

    def _begun(self, message: Message) -> Message:
        self.started, self.status = True, message["status"]
        said = message.get("headers", ())
        own = {name for name, _ in said}  # an answer that says it itself knows better
        headers = [*said, *(pair for pair in self._headers if pair[0] not in own)]
        if self._has and self.status == 200 and _has(self._has, headers):
            self.status, self._silent = 304, True
            headers = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
        return {**message, "status": self.status, "headers": headers}


def _describe(span: telemetry.Span, scope: Scope, status: int) -> None:
    """Name a trace by its route, never by its path: that may hold an id, and its query a mail address."""
    route = measures.template(scope)
    span.name = f"{scope['method']} {route}"
    span.attributes |= {
        "http.request.method": scope["method"],
        "http.route": route,
        "http.response.status_code": status,
        "courtier.correlation_id": scope["courtier.request_id"],
    }
    span.error = span.error or (str(status) if status >= 500 else None)


def client_address(scope: Scope, proxies: int) -> str:
    """Return where a request comes from: the connection's other end, or what the outermost proxy of ours saw."""
    peer = scope.get("client")
    address = str(peer[0]) if peer else "unknown"
    if proxies:
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        hops = [hop.strip() for hop in forwarded.decode("latin-1").split(",") if hop.strip()]
        address = hops[-min(proxies, len(hops))] if hops else address
    return address[:64]


def _first_of_each(headers: Any) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found.setdefault(name, value)
    return found


def _has(if_none_match: bytes, headers: Raw) -> bool:
    """Tell whether the client holds what is about to be sent (weak comparison, RFC 9110 13.1.2)."""
    etag = next((value for name, value in headers if name == b"etag"), None)
    held = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return etag is not None and any(tag in (b"*", etag.removeprefix(b"W/")) for tag in held)
