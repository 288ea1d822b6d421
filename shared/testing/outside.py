"""What stands outside a house, for tests: small HTTP servers, and another OIDC issuer whose keys one publishes."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import Key, RSAKey

from shared.testing.tokens import token

Answer = Callable[[bytes], bytes]
"""Given a request's body, that of the answer."""


@contextmanager
def listening(answer: Answer) -> Iterator[str]:
    """Answer HTTP requests of any path on a free port of this machine, from a thread; yield the address."""

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def published(*keys: Key) -> Iterator[str]:
    """Publish the public halves of these keys over HTTP, as an OIDC issuer does; yield where."""
    body = json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()
    with listening(lambda _: body) as address:
        yield f"{address}/keys"


@dataclass(frozen=True)
class Abroad:
    """Another OIDC issuer, with a key of its own, whose tokens say who somebody is and nothing of what they may."""

    key: RSAKey
    issuer: str = "https://login.example"
    audience: str = "shop"

    def token(self, subject: str, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return an access token of a subject, as such issuers write it; `changes` of a good one's claims."""
        named_by_us = dict.fromkeys(("actor_type", "actor_id", "name", "permissions"))
        said = named_by_us | {"iss": self.issuer, "aud": self.audience, "sub": subject} | changes
        written = {"alg": "RS256", "kid": self.key.kid, "typ": "JWT"} | (header or {})
        return token(self.key, written, **said)
