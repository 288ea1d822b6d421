"""How often somebody may knock: token buckets, kept by this process for itself."""

import base64
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import Counter

from services.gateway.settings import Settings

REMEMBERED = 50_000  # callers, at most; whoever was away longest is forgotten first
SIGN_INS = frozenset({"/v1/sessions", "/v1/bootstrap"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
IMAGES = "/v1/images/"
limited = Counter("courtier_gateway_limited_total", "Requests refused for coming too often.", ["limit"])


class Buckets:
    """A bucket of tokens for each caller: a minute's worth at most, refilled steadily; none at 0 per minute.

    `ticks` tells the seconds of a clock that never goes back.
    """

    def __init__(self, per_minute: int, ticks: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._ticks = ticks
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> float:
        """Take a token; return 0, or the seconds until there is one again."""
        if not self.per_minute:
            return 0.0
        now, rate = self._ticks(), self.per_minute / 60
        left, since = self._left.get(caller, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - since) * rate)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        self._left.move_to_end(caller)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / rate


class CallersKnown:
    """Which tokens an owner has found good, and whose they are.

    Only such a token has a bucket of its account's. Any other counts for the address it comes from: tokens can be
    made up by the thousand, and a made-up one must not empty somebody else's bucket either.
    """

    def __init__(self) -> None:
        self._accounts: OrderedDict[bytes, str] = OrderedDict()

    def accept(self, token: str) -> None:
        """Remember that an owner has verified this token."""
        digest = _digest(token)
        if digest not in self._accounts:
            self._accounts[digest] = _subject(token) or digest.hex()
            if len(self._accounts) > REMEMBERED:
                self._accounts.popitem(last=False)

    def name(self, authorization: str | None, address: str) -> str:
        """Return whose bucket a request draws on."""
        if authorization is None:
            return address
        return self._accounts.get(_digest(authorization.partition(" ")[2].strip()), address)


@dataclass(frozen=True)
class Limits:
    """The buckets of one process."""

    reads: Buckets
    writes: Buckets
    sign_ins: Buckets
    images: Buckets

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return the limits that the settings name."""
        return cls(
            Buckets(settings.reads_per_minute),
            Buckets(settings.writes_per_minute),
            Buckets(settings.sign_ins_per_minute),
            Buckets(settings.images_per_minute),
        )

    def wait(self, method: str, path: str, caller: str, address: str) -> float:
        """Return 0, or how many seconds this caller must wait with this request."""
        if method in READING and path.startswith(IMAGES):
            kind, seconds = "images", self.images.wait(caller)
        elif method in READING:
            kind, seconds = "reads", self.reads.wait(caller)
        elif method == "POST" and path in SIGN_INS:
            kind, seconds = "sign_ins", self.sign_ins.wait(address)
        else:
            kind, seconds = "writes", self.writes.wait(caller)
        if seconds:
            limited.labels(kind).inc()
        return seconds


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _subject(token: str) -> str | None:
    """Return the account a verified token names, so that its next token shares the bucket."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return f"account:{claims['iss']}:{claims['sub']}"
    except (ValueError, LookupError, TypeError):
        return None
