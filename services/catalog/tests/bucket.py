"""What stands in for S3 in tests: objects over HTTP. A fixture, for `from … import *`.

Objects are put, got, listed and deleted. It signs what it was sent as Amazon describes it (Signature Version 4), and
refuses a request that is signed otherwise.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape

import pytest
from pydantic import SecretStr

from services.catalog.settings import Settings

__all__ = ["s3"]
REGION, ACCESS_KEY, SECRET_KEY = "eu-west-3", "AKIAKEEPER", "not told to anybody"
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>\w+)/(?P<scope>(?P<day>\d{8})/(?P<region>[\w-]+)/s3/aws4_request), ?"
    r"SignedHeaders=(?P<headers>\S+), ?Signature=(?P<signature>\w{64})"
)
LISTED_AT_ONCE = 2  # so that every list has pages


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes


@dataclass
class S3:
    """Objects by path, the bucket's name first, and what was asked."""

    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    failures: int = 0
    silent: bool = False
    url: str = ""

    def settings(self, bucket: str = "pictures") -> Settings:
        """Return settings that keep pictures here."""
        return Settings(
            database_url=SecretStr(""),
            images_bucket=bucket,
            images_endpoint=self.url,
            images_region=REGION,
            images_access_key=SecretStr(ACCESS_KEY),
            images_secret_key=SecretStr(SECRET_KEY),
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        path, _, query = target.partition("?")
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(method, path, parse_qsl(query, keep_blank_values=True), headers, body)
        self.asked.append(asked)
        if self.silent:
            await reader.read()
            return
        status, answer, more = self.answered(asked)
        begun = f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n{more}\r\n"
        writer.write(begun.encode() + answer)
        await writer.drain()
        writer.close()

    def answered(self, asked: Asked) -> tuple[str, bytes, str]:
        path = unquote(asked.path)
        if self.failures:
            self.failures -= 1
            return "503 Slow Down", _error("SlowDown", "secret place"), ""
        if not signed(asked):
            return "403 Forbidden", _error("SignatureDoesNotMatch", "secret place"), ""
        if path.split("/")[1] != "pictures":
            return "404 Not Found", _error("NoSuchBucket", "secret place"), ""
        if asked.method == "PUT":
            self.objects[path] = asked.body, datetime.now(UTC)
            return "200 OK", b"", 'ETag: "one"\r\n'
        if asked.method == "DELETE":
            self.objects.pop(path, None)
            return "204 No Content", b"", ""
        if path == "/pictures":
            return "200 OK", self.listed(dict(asked.query)), ""
        if path not in self.objects:
            return "404 Not Found", _error("NoSuchKey", "none"), ""
        data, put = self.objects[path]
        return "200 OK", data, f'ETag: "one"\r\nLast-Modified: {put:%a, %d %b %Y %H:%M:%S} GMT\r\n'

    def listed(self, query: dict[str, str]) -> bytes:
        """Return a page of a list (ListObjectsV2); the token of the next one is the last name of this one."""
        after = query.get("continuation-token", query.get("start-after", ""))
        names = sorted(path.removeprefix("/pictures/") for path in self.objects)
        matching = [name for name in names if name.startswith(query.get("prefix", "")) and name > after]
        page = matching[:LISTED_AT_ONCE]
        more = len(matching) > len(page)
        contents = "".join(self._content(name) for name in page)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        truncated = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        return f"<ListBucketResult><Name>pictures</Name>{truncated}{token}{contents}</ListBucketResult>".encode()

    def _content(self, name: str) -> str:
        data, put = self.objects[f"/pictures/{name}"]
        facts = f"<Key>{escape(name)}</Key><LastModified>{put:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
        return f'<Contents>{facts}<ETag>"one"</ETag><Size>{len(data)}</Size></Contents>'


@pytest.fixture
async def s3() -> AsyncIterator[S3]:
    stand_in = S3()
    async with await asyncio.start_server(stand_in.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        stand_in.url = f"http://{host}:{port}"
        yield stand_in


def signed(asked: Asked) -> bool:
    """Tell whether a request bears the signature that the account's secret key gives it."""
    found = AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
    if found is None or (found["key"], found["region"]) != (ACCESS_KEY, REGION):
        return False
    digest = asked.headers["x-amz-content-sha256"]
    if digest not in (hashlib.sha256(asked.body).hexdigest(), "UNSIGNED-PAYLOAD"):
        return False
    names = found["headers"].split(";")
    query = "&".join(sorted(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in asked.query))
    lines = [asked.method, asked.path, query, *(f"{name}:{asked.headers[name].strip()}" for name in names)]
    canonical = "\n".join([*lines, "", found["headers"], digest])
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", asked.headers["x-amz-date"], found["scope"], hashed])
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (*found["scope"].split("/"), to_sign):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(key.hex(), found["signature"])


def _error(code: str, message: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
