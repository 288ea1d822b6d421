"""What the gateway measures of itself, for Prometheus."""

from functools import cache

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


@cache
def _counter(method: str, route: str, status: int) -> Counter:
    return requests.labels(method, route, str(status))


@cache
def _duration(route: str) -> Histogram:
    return seconds.labels(route)


@cache
def _asked(route: str) -> Counter:
    return asks.labels(route)


def observe(scope: Scope, status: int, duration: float) -> None:
    """Record one request, `duration` in seconds."""
    route, method = template(scope), scope["method"]
    _counter(method if method in METHODS else "other", route, status).inc()
    _duration(route).observe(duration)
    if scope["courtier.asks"]:
        _asked(route).inc(scope["courtier.asks"])
