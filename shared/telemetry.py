"""Traces and JSON logs: one correlation id follows a sale through every service."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.kernel import clock

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

KINDS = {"client": SpanKind.CLIENT, "server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER}
TRACER = "courtier"
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+([a-z_]+)")
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}

_propagator = TraceContextTextMapPropagator()
_provider: "TracerProvider | None" = None
_story: ContextVar[dict[str, str] | None] = ContextVar("story", default=None)


@dataclass
class Span:
    """A stretch of work; `traceparent` (W3C) is what the next service continues, None when traces are off.

    `name` and `attributes` may be changed while it lasts; `error` says what went wrong, in a word that names no value.
    """

    name: str
    traceparent: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


def enable_traces(service: str, endpoint: str | None) -> None:
    """Send traces to an OTLP/HTTP endpoint; without one, none are made and no exporter is loaded."""
    global _provider
    if endpoint is None or _provider is not None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    _provider = TracerProvider(resource=Resource.create({"service.name": service}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))


def traces_enabled() -> bool:
    """Tell whether this process makes traces."""
    return _provider is not None


def well_formed(traceparent: str | None) -> str | None:
    """Return what came from outside as a traceparent, None where it is none: it is not passed on."""
    return traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else None


def trace_id() -> str | None:
    """Return the id of the trace under way (32 hex digits), None when there is none or traces are off."""
    if _provider is None:
        return None
    under_way = trace.get_current_span().get_span_context()
    return trace.format_trace_id(under_way.trace_id) if under_way.is_valid else None


@contextmanager
def span(name: str, kind: Literal["client", "server", "consumer"], traceparent: str | None = None) -> Iterator[Span]:
    """Record a stretch of work below `traceparent`, or below the one under way; free when traces are off."""
    opened = Span(name, traceparent)
    if _provider is None:
        yield opened
        return
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    # The SDK would keep messages and stack traces of exceptions, and those quote values: mail addresses, keys of rows.
    started = _provider.get_tracer(TRACER).start_as_current_span(
        name, context=parent, kind=KINDS[kind], record_exception=False, set_status_on_exception=False
    )
    with started as recorded:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        opened.traceparent = carrier.get("traceparent")
        try:
            yield opened
        except Exception as error:
            opened.error = type(error).__name__
            raise
        finally:
            recorded.update_name(opened.name)
            recorded.set_attributes(opened.attributes)
            _mark(recorded, opened.error)


def record_statement(statement: str, begun: int, error: str | None = None) -> None:
    """Record a SQL statement that has ended, without its parameters, as a span below the one under way.

    What a service asks its database of its own accord, below no span, leaves none: it would be one trace per poll.
    `begun` is in nanoseconds since 1970, `error` the SQLSTATE of a statement that failed.
    """
    if _provider is None or not trace.get_current_span().is_recording():
        return
    verb, table = statement.split(maxsplit=1)[0], TABLE.search(statement)
    recorded = _provider.get_tracer(TRACER).start_span(
        f"{verb} {table[1]}" if table else verb,
        kind=SpanKind.CLIENT,
        attributes={"db.system.name": "postgresql", "db.query.text": statement},
        start_time=begun,
    )
    _mark(recorded, error)
    recorded.end()


def _mark(recorded: trace.Span, error: str | None) -> None:
    if error:
        recorded.set_attribute("error.type", error)
        recorded.set_status(Status(StatusCode.ERROR))


@contextmanager
def story(**ids: str | None) -> Iterator[None]:
    """Put these ids on every log line written inside."""
    token = _story.set({name: value for name, value in ids.items() if value})
    try:
        yield
    finally:
        _story.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, the story's ids, its trace, and any `extra`."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; line breaks inside are escaped, so no line can be forged."""
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self.service,
            "logger": record.name,
            "message": record.getMessage(),
            **(_story.get() or {}),
            **({"trace_id": under_way} if (under_way := trace_id()) else {}),
            **{name: value for name, value in vars(record).items() if name not in STANDARD_FIELDS},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def write_json_logs(service: str, level: str) -> None:
    """Send this process's logs to standard error as JSON, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "faststream"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("faststream").setLevel("WARNING")
