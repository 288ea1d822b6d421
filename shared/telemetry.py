"""Traces and JSON logs: one correlation id follows a sale through every service."""

import json
import logging
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
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}

_propagator = TraceContextTextMapPropagator()
_provider: "TracerProvider | None" = None
_story: ContextVar[dict[str, str] | None] = ContextVar("story", default=None)


@dataclass
class Span:
    """A stretch of work; `traceparent` (W3C) is what the next service continues, None when traces are off."""

    traceparent: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


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
    trace.set_tracer_provider(_provider)
    _trace_sql(_provider)


def _trace_sql(provider: "TracerProvider") -> None:
    """Make a span of each SQL statement, without its parameters, where this process has a database at all."""
    try:
        from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
    except ModuleNotFoundError:  # the gateway's image holds no database driver
        return
    AsyncPGInstrumentor().instrument(tracer_provider=provider)  # type: ignore[no-untyped-call]


def traces_enabled() -> bool:
    """Tell whether this process makes traces."""
    return _provider is not None


@contextmanager
def span(name: str, kind: Literal["client", "server", "consumer"], traceparent: str | None = None) -> Iterator[Span]:
    """Record a stretch of work below `traceparent`, or below the one under way; free when traces are off."""
    if _provider is None:
        yield Span(traceparent)
        return
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    tracer = trace.get_tracer("courtier")
    with tracer.start_as_current_span(name, context=parent, kind=KINDS[kind]) as recorded:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        opened = Span(carrier.get("traceparent"))
        try:
            yield opened
        except Exception as error:
            recorded.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            recorded.set_attributes(opened.attributes)


@contextmanager
def story(**ids: str | None) -> Iterator[None]:
    """Put these ids on every log line written inside."""
    token = _story.set({name: value for name, value in ids.items() if value})
    try:
        yield
    finally:
        _story.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, the story's ids, and any `extra`."""

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
