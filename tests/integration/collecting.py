"""Where a house sends its traces, for tests: an OTLP/HTTP collector that keeps what it is sent and can be asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from shared.testing.outside import listening


@dataclass(frozen=True)
class Kept:
    """A span as it was sent: whose it is, where it hangs (hexadecimal ids), and what it says of itself."""

    service: str
    name: str
    kind: str
    trace_id: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, str]


@dataclass
class Collector:
    """Every span sent, and the bytes it came in."""

    spans: list[Kept] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls) -> "Iterator[tuple[str, Collector]]":
        """Collect; yield the endpoint with what it collects."""
        collector = cls()
        with listening(collector.take) as address:
            yield f"{address}/v1/traces", collector

    def take(self, body: bytes) -> bytes:
        """Keep one export, and answer as a collector does."""
        self.sent.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _said(resource.resource)["service.name"]
            self.spans += [_kept(service, span) for scope in resource.scope_spans for span in scope.spans]
        return b""

    def trace(self, correlation_id: str) -> list[Kept]:
        """Return every span of the trace that began with the HTTP request of this id; fails while there is none."""
        begun = [span for span in self.spans if span.attributes.get("courtier.correlation_id") == correlation_id]
        assert [span.parent for span in begun] == [""]
        return [span for span in self.spans if span.trace_id == begun[0].trace_id]


def _said(what: object) -> dict[str, str]:
    return {one.key: one.value.string_value or str(one.value.int_value) for one in what.attributes}  # type: ignore[attr-defined]


def _kept(service: str, span: Span) -> Kept:
    return Kept(
        service,
        span.name,
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.status.code == span.status.STATUS_CODE_ERROR,
        _said(span),
    )
