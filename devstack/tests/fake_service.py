"""A service of the standard library only, for the tests of the house: ready at once, says its environment."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SHOWN = ("COURTIER_NATS_URL", "COURTIER_NATS_USER", "COURTIER_DATABASE_URL", "COURTIER_SMTP_URL", "COURTIER_PUBLIC_URL")


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"pid": os.getpid(), **{name: os.environ.get(name) for name in SHOWN}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
