"""What the gateway measures of itself, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import Scope

NO_ROUTE = "none"

requests = Counter("courtier_gateway_requests_total", "HTTP requests answered.", ["method", "route", "status"])
seconds = Histogram("courtier_gateway_request_seconds", "How long HTTP requests took.", ["route"])
asks = Counter("courtier_gateway_asks_total", "Requests sent over NATS on behalf of HTTP requests.", ["route"])
streams = Gauge("courtier_gateway_event_streams", "Event streams open now.")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template(scope: Scope) -> str:
    """Return the path of a request's route as it is written, so that ids do not become label values."""
    return getattr(scope.get("route"), "path", NO_ROUTE)


def observe(scope: Scope, status: int, duration: float) -> None:
    """Record one request, `duration` in seconds."""
    route, method = template(scope), scope["method"]
    requests.labels(method if method in METHODS else "other", route, str(status)).inc()
    seconds.labels(route).observe(duration)
    if scope["courtier.asks"]:
        asks.labels(route).inc(scope["courtier.asks"])
