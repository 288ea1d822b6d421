"""What a reply becomes over HTTP. Its bytes are passed on as they came; the few facts that headers need are cut out."""

import hashlib
import re

from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import Response

from shared.contracts.base import Contract
from shared.messaging.rpc import RawReply

JSON = "application/json"
# Views begin with their id and end with their version; what is not found so is read from the parsed reply.
PAGE_FIRST = b'{"items":'
ID_FIRST = re.compile(rb'\{"id":"([0-9a-f-]{36})"')
VERSION, VERSION_LAST = b',"version":', re.compile(rb',"version":(\d+)\}\Z')
NEXT, NEXT_LAST = b',"next":', re.compile(rb',"next":(?:null|"([A-Za-z0-9_=-]+)")\}\Z')


def shown(reply: RawReply, changing: bool = False) -> Response:
    """Answer 200 with one resource and its ETag.

    `changing`: what is shown may differ though the version is the same (stock, the prices of another customer).
    """
    return Response(reply.body, 200, _headers(reply) | {"ETag": etag(reply.body, changing)}, JSON)


def created(reply: RawReply, location: str | None = None, changing: bool = False) -> Response:
    """Answer 201 with what was made, and where it is: "/v1/orders/{id}"."""
    headers = _headers(reply) | {"ETag": etag(reply.body, changing)}
    if location:
        headers["Location"] = location.replace("{id}", _id(reply.body))
    return Response(reply.body, 201, headers, JSON)


def done(reply: RawReply) -> Response:
    """Answer 204: it is done, and there is nothing to show."""
    return Response(None, 204, _headers(reply))


def passed(reply: RawReply, status: int = 200) -> Response:
    """Answer with a reply that is no versioned resource."""
    return Response(reply.body, status, _headers(reply), JSON)


def listed(reply: RawReply, request: Request) -> Response:
    """Answer 200 with one page of a list, the Link to the next one, and an ETag of what it shows."""
    headers = {"ETag": f'W/"{_digest(reply.body)}"'}
    following = NEXT_LAST.match(reply.body, max(0, reply.body.rfind(NEXT)))
    cursor = following[1] if following else (from_json(reply.body).get("next") or "").encode()
    if cursor:
        headers["Link"] = f'<{_with_cursor(request, cursor)}>; rel="next"'
    return Response(reply.body, 200, headers, JSON)


def gathered(**replies: RawReply | None) -> Response:
    """Answer 200 with several replies side by side, each as it came."""
    parts = (b'"%b":%b' % (name.encode(), reply.body if reply else b"null") for name, reply in replies.items())
    body = b"{" + b",".join(parts) + b"}"
    return Response(body, 200, {"ETag": f'W/"{_digest(body)}"'}, JSON)


def items(reply: RawReply) -> RawReply:
    """Return the items of a page alone, as a JSON array."""
    last = NEXT_LAST.match(reply.body, max(0, reply.body.rfind(NEXT)))
    if last and reply.body.startswith(PAGE_FIRST):
        return RawReply(reply.body[len(PAGE_FIRST) : last.start()])
    return RawReply(to_json(from_json(reply.body)["items"]))


def told(value: Contract, status: int = 200) -> Response:
    """Answer with a value of the gateway's own."""
    return Response(value.model_dump_json(), status, media_type=JSON)


def etag(body: bytes, changing: bool = False) -> str:
    """Return the ETag of a view: its version, and a digest where that says not enough."""
    found = VERSION_LAST.match(body, max(0, body.rfind(VERSION)))
    version = int(found[1]) if found else from_json(body)["version"]
    return f'"{version}.{_digest(body)}"' if changing else f'"{version}"'


def _with_cursor(request: Request, cursor: bytes) -> str:
    """Return the address of a request with another cursor, and all else as it was asked."""
    asked: bytes = request.scope["query_string"]
    kept = [part for part in asked.split(b"&") if part and not part.startswith(b"cursor=")]
    path: bytes = request.scope["raw_path"]
    return (path + b"?" + b"&".join([*kept, b"cursor=" + cursor])).decode("latin-1")


def _id(body: bytes) -> str:
    found = ID_FIRST.match(body)
    return found[1].decode() if found else str(from_json(body)["id"])


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest()


def _headers(reply: RawReply) -> dict[str, str]:
    return {"Idempotency-Replayed": "true"} if reply.replayed else {}
