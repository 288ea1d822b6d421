"""Where FastStream meets the hall: the lanes of one subscription, a message in, its reply out."""

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
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
MOST_ERRORS = 100  # of a problem that would be larger
log = logging.getLogger(__name__)
Bindings = dict[str, tuple[type[Request[Any]], Handler]]
Said = tuple[bytes, dict[str, str]]
"""What travels back: a body and its headers."""


class ReplyTooLarge(Malformed):
    """The answer would be too large; ask for fewer at once, with a smaller limit."""


class Lane:
    """One of the serial lanes on which a request comes in: it is handed to the hall, and the hall's answer goes out.

    FastStream subscribes, documents, drains and stops; its own way from a message to a function (parsing, decoding,
    dependencies) would cost as much as all that the hall does.
    """

    def __init__(self, broker: NatsBroker, contract: type[Request[Any]], function: Handler) -> None:
        self._broker, self._contract, self._function = broker, contract, function

    async def take(self, message: Msg) -> None:
        """Answer one message."""
        hall: Hall = self._broker.context.get("hall")
        body, headers = await self._answered(hall, message.data, message.headers or {})
        if message.reply:
            await hall.nc.publish(message.reply, body, headers=headers)

    async def _answered(self, hall: Hall, body: bytes, given: Mapping[str, str]) -> Said:
        name = self._contract.__name__
        headers = dict(given) | {CORRELATION: given.get(CORRELATION) or str(new_id())}
        started = perf_counter()
        with (
            telemetry.story(correlation_id=headers[CORRELATION], causation_id=headers.get(CAUSATION), contract=name),
            telemetry.span(name, "server", headers.get(TRACEPARENT)) as span,
        ):
            if span.traceparent:
                headers[TRACEPARENT] = span.traceparent
            answer = await hall.receive(self._contract, self._function, body, headers)
            problem = answer.problem
            outcome = problem.code if problem else "ok"
            span.attributes["courtier.outcome"] = outcome
            span.error = outcome if problem and problem.status >= 500 else None
            # Reads are many, and the metrics count them; a change or a no is worth a line.
            worth = logging.INFO if problem or issubclass(self._contract, Command) else logging.DEBUG
            log.log(worth, "%s: %s", name, outcome)
            said = reply(answer, telemetry.trace_id() or headers[CORRELATION])
        request_seconds.labels(name, outcome).observe(perf_counter() - started)
        return said


def reply(answer: Answer, trace_id: str) -> Said:
    """Return an answer as what travels: bytes, and headers that tell a problem or a repeat."""
    if answer.problem is None and len(answer.body) > LARGEST:
        answer = Answer(problem=ReplyTooLarge())
    if answer.problem is None:
        return answer.body, {REPLAYED: "true"} if answer.replayed else {}
    problem = answer.problem
    problem.trace_id = problem.trace_id or trace_id
    if len(body := problem_body(problem)) > LARGEST:
        problem.errors, problem.details = problem.errors[:MOST_ERRORS], {}
        body = problem_body(problem)
    return body, problem_headers(problem)


def bind(broker: NatsBroker, service: str, bindings: Bindings) -> None:
    """Subscribe each request in the service's queue group: its first lane, and the one that is documented."""
    for subject, (contract, function) in bindings.items():
        subscriber: Any = broker.subscriber(
            subject, queue=service, title=contract.__name__, description=contract.__doc__
        )
        subscriber(function)
        subscriber.consume = Lane(broker, contract, function).take


async def widen(broker: NatsBroker, nc: Client, lanes: int) -> list[Subscription]:
    """Open the other lanes of each request beside its first, and return them: serial subscriptions of the same group.

    Lanes rather than `max_workers`: half the CPU per message, measured. By NATS itself: a subscriber of FastStream's
    for each lane would double the time and memory that a service of a hundred requests takes to begin.
    """
    first: list[Any] = list(broker.subscribers)
    return [
        await nc.subscribe(one.subject.broker_address, queue=one.queue, cb=one.consume)
        for one in first
        for _ in range(lanes - 1)
    ]
