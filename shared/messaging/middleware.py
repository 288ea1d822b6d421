"""Where FastStream meets the hall: one subscription's message in, its reply out."""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from faststream import BaseMiddleware
from faststream.message import SourceType, StreamMessage
from faststream.nats import NatsBroker, NatsResponse
from prometheus_client import Histogram

from shared import telemetry
from shared.contracts.base import Command, Request
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed
from shared.messaging.hall import Answer, Hall
from shared.messaging.handler import Handler
from shared.messaging.wire import CAUSATION, CORRELATION, REPLAYED, TRACEPARENT, problem_body, problem_headers

request_seconds = Histogram(
    "courtier_request_seconds", "How long requests took, by contract and outcome.", ["message", "outcome"]
)
LARGEST = 1_000_000  # bytes; the broker refuses a message of more than 1 MiB, and then nobody is answered
log = logging.getLogger(__name__)
Bindings = dict[str, tuple[type[Request[Any]], Handler]]


class ReplyTooLarge(Malformed):
    """The answer would be too large; ask for fewer at once, with a smaller limit."""


class RequestMiddleware(BaseMiddleware):
    """Hands each request to the hall in place of FastStream's own calling: the hall decodes, calls and commits."""

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: StreamMessage[Any]) -> Any:
        """Return the reply FastStream sends; a message that is a response passes untouched."""
        if msg.source_type is SourceType.RESPONSE:
            return await call_next(msg)
        bindings: Bindings = self.context.get("bindings")
        hall: Hall = self.context.get("hall")
        contract, function = bindings[msg.raw_message.subject]
        headers = dict(msg.headers) | {CORRELATION: msg.headers.get(CORRELATION) or str(new_id())}
        started = perf_counter()
        with (
            telemetry.story(
                correlation_id=headers[CORRELATION],
                causation_id=headers.get(CAUSATION),
                contract=contract.__name__,
            ),
            telemetry.span(contract.__name__, "server", headers.get(TRACEPARENT)) as span,
        ):
            if span.traceparent:
                headers[TRACEPARENT] = span.traceparent
            answer = await hall.receive(contract, function, msg.body, headers)
            problem = answer.problem
            outcome = problem.code if problem else "ok"
            span.attributes["courtier.outcome"] = outcome
            span.error = outcome if problem and problem.status >= 500 else None
            # Reads are many, and the metrics count them; a change or a no is worth a line.
            worth = logging.INFO if problem or issubclass(contract, Command) else logging.DEBUG
            log.log(worth, "%s: %s", contract.__name__, outcome)
            said = reply(answer, telemetry.trace_id() or headers[CORRELATION])
        request_seconds.labels(contract.__name__, outcome).observe(perf_counter() - started)
        return said


def reply(answer: Answer, trace_id: str) -> NatsResponse:
    """Return an answer as what travels: bytes, and headers that tell a problem or a repeat."""
    if answer.problem is None and len(answer.body) > LARGEST:
        answer = Answer(problem=ReplyTooLarge())
    if answer.problem is None:
        return NatsResponse(answer.body, headers={REPLAYED: "true"} if answer.replayed else {})
    answer.problem.trace_id = answer.problem.trace_id or trace_id
    return NatsResponse(problem_body(answer.problem), headers=problem_headers(answer.problem))


def bind(broker: NatsBroker, service: str, bindings: Bindings, lanes: int) -> None:
    """Subscribe each request in the service's queue group, on several serial lanes.

    Lanes rather than `max_workers`: half the CPU per message, measured.
    """
    broker.context.set_global("bindings", bindings)
    for subject, (contract, function) in bindings.items():
        for lane in range(lanes):
            broker.subscriber(
                subject,
                queue=service,
                title=contract.__name__,
                description=contract.__doc__,
                include_in_schema=lane == 0,
            )(function)
