"""Asking another service: a typed request, answered or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

import nats.errors
from faststream import Context
from nats.aio.client import Client
from prometheus_client import Counter

from shared import telemetry
from shared.contracts.base import Reply, Request
from shared.kernel import clock
from shared.kernel.problems import Unavailable
from shared.messaging.origin import Origin
from shared.messaging.wire import ERROR, REPLAYED, TRACEPARENT, read_problem, request_headers

asks = Counter("courtier_asks", "Requests sent over NATS, by contract.", ["message"])


@dataclass(frozen=True, slots=True)
class RawReply:
    """An answer as it came: JSON bytes, and whether it was given before."""

    body: bytes
    replayed: bool = False


class AskFn(Protocol):
    """What handlers and routes ask with."""

    async def __call__(self, request: Request[Reply], /, *, key: str | None = None) -> Reply:
        """Return the owner's answer, or raise the owner's problem."""
        ...


class RpcClient:
    """Sends requests to their owners on behalf of one piece of work.

    Raises the owner's Problem as its own class; Unavailable when nobody answers. `busy` tells whether a transaction
    has begun, and then it refuses to ask: no transaction ever waits on the network.
    """

    def __init__(self, nc: Client, origin: Origin, busy: Callable[[], bool] = lambda: False) -> None:
        self._nc, self._origin, self._busy = nc, origin, busy

    async def __call__(self, request: Request[Reply], /, *, key: str | None = None) -> Reply:
        """Return the owner's answer as its contract."""
        reply = await self.forward(request, key=key)
        return request.reply_type().model_validate_json(reply.body)

    async def forward(self, request: Request[Any], /, *, key: str | None = None) -> RawReply:
        """Return the owner's answer as the bytes it sent."""
        if self._busy():
            raise RuntimeError("ask first, then touch the database: a transaction is already open")
        deadline = self._deadline(request)
        headers = request_headers(self._origin, key, deadline)
        with telemetry.span(f"ask {type(request).__name__}", "client", self._origin.traceparent) as span:
            if span.traceparent:
                headers[TRACEPARENT] = span.traceparent
            return await self._send(request, headers, deadline)

    async def _send(self, request: Request[Any], headers: dict[str, str], deadline: datetime) -> RawReply:
        left = (deadline - clock.now()).total_seconds()
        if not self._nc.is_connected or left <= 0:
            raise Unavailable(f"{self._owner(request)} cannot be reached right now; try again in a moment.")
        asks.labels(type(request).__name__).inc()
        try:
            body = request.model_dump_json().encode()
            answer = await self._nc.request(request.address(), body, timeout=left, headers=headers)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"{self._owner(request)} did not answer; try again in a moment.") from error
        given = answer.headers or {}
        if ERROR in given:
            raise read_problem(answer.data)
        return RawReply(answer.data, REPLAYED in given)

    def _owner(self, request: Request[Any]) -> str:
        return request.address().split(".")[1]

    def _deadline(self, request: Request[Any]) -> datetime:
        own = clock.now() + timedelta(seconds=request.timeout)
        return min(own, self._origin.deadline) if self._origin.deadline else own


Ask = Annotated[AskFn, Context("ask")]
