"""One connection to NATS per process, that never gives up and tells when it is not allowed something."""

import logging
import math
import time
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter

from shared.settings import BusSettings

violations = Counter(
    "courtier_nats_violations_total", "Publishes and subscriptions that NATS refused; each one is a bug.", ["service"]
)
failures = Counter("courtier_nats_errors_total", "Errors the NATS connection reported.", ["service"])
SAID_EVERY = 30.0  # seconds between two lines about the same trouble
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
        "error_cb": (ear := Ear(name)).failed,
        "reconnected_cb": ear.back,
    }


class Ear:
    """Hears what one connection reports. A broker that is away fails four times a second: it is logged once.

    `now` counts seconds. A trouble lasts until the broker is back, or says nothing for as long as lies between lines.
    """

    def __init__(self, name: str, now: Callable[[], float] = time.monotonic) -> None:
        self._name, self._now = name, now
        self._begun = self._said = self._last = -math.inf

    async def failed(self, error: Exception) -> None:
        """Count an error, and log what is new: every refusal, a trouble as it begins, then every 30 s."""
        # NATS answers a forbidden publish with silence: the caller sees a time-out, and only this callback the cause.
        if "permissions violation" in str(error).lower():
            violations.labels(self._name).inc()
            log.error("NATS refused: %s", error)
            return
        failures.labels(self._name).inc()
        before, self._last = self._last, self._now()
        if self._last - before >= SAID_EVERY:
            self._begun = self._said = self._last
            log.warning("NATS: %r", error)
        elif self._last - self._said >= SAID_EVERY:
            self._said = self._last
            log.warning("NATS, for %.0f s by now: %r", self._last - self._begun, error)

    async def back(self) -> None:
        """Log that the broker answers again; what fails from now on is new."""
        log.info("NATS is back")
        self._last = -math.inf
