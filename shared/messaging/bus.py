"""One connection to NATS per process, that never gives up and tells when it is not allowed something."""

import logging
from typing import Any

from prometheus_client import Counter

from shared.settings import BusSettings

violations = Counter(
    "courtier_nats_violations_total", "Publishes and subscriptions that NATS refused; each one is a bug.", ["service"]
)
failures = Counter("courtier_nats_errors_total", "Errors the NATS connection reported.", ["service"])
log = logging.getLogger(__name__)


def options(settings: BusSettings, name: str) -> dict[str, Any]:
    """Return how every process connects: quick to notice a dead broker, never tired of reconnecting.

    Replies come to an inbox of the service's own, so that no other service can read them.
    """
    return {
        "servers": [settings.nats_url],
        "name": name,
        "inbox_prefix": f"_INBOX_{name}".encode(),
        "ping_interval": 2,
        "max_outstanding_pings": 2,
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.25,
        "connect_timeout": 2,
        "error_cb": _watch(name),
    }


def _watch(name: str) -> Any:
    async def heard(error: Exception) -> None:
        # NATS answers a forbidden publish with silence: the caller sees a time-out, and only this callback the cause.
        if "permissions violation" in str(error).lower():
            violations.labels(name).inc()
            log.error("NATS refused: %s", error)
        else:
            failures.labels(name).inc()
            log.warning("NATS: %r", error)

    return heard
