"""What every answer says about itself: security headers, caching, and which pages of other origins may read it."""

from collections.abc import Iterable

from starlette.responses import Response

Raw = list[tuple[bytes, bytes]]

SECURITY: Raw = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
EXPLAINING = ("/docs", "/openapi.json", "/problems")
NO_STORE = (b"cache-control", b"no-store")
REVALIDATE = (b"cache-control", b"no-cache")
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id"
READ = "ETag, Link, Location, Retry-After, Idempotency-Replayed, X-Request-Id, WWW-Authenticate"
PREFLIGHT_SECONDS = 600


def standing(path: str, method: str, signed_in: bool) -> Raw:
    """Return the headers of an answer that depend on its request alone."""
    # A visitor's catalogue may be kept and asked again by ETag; what somebody in particular sees may not be kept.
    kept = path.startswith(EXPLAINING) or (path.startswith("/v1/") and method == "GET" and not signed_in)
    policy = PAGE_POLICY if path.startswith("/docs") else API_POLICY
    return [*SECURITY, policy, REVALIDATE if kept else NO_STORE]


class Cors:
    """The pages of which origins may call: those listed, spelled out. No cookies are involved."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origin.encode("ascii") for origin in origins)
        self.vary = (b"vary", b"Authorization, Origin" if self._origins else b"Authorization")

    def headers(self, origin: bytes | None) -> Raw:
        """Return what lets a listed origin read an answer; nothing for any other."""
        if origin is None or origin not in self._origins:
            return [self.vary]
        return [
            self.vary,
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", READ.encode()),
        ]

    def preflight(self, origin: bytes | None) -> Response | None:
        """Answer a listed origin's question what it may send; None where the origin is not listed."""
        if origin is None or origin not in self._origins:
            return None
        allowed = {
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": SENT,
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        }
        return Response(None, 204, allowed)
