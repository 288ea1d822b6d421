"""Where pictures are kept: a folder, and a bucket.

The bucket here is a stand-in of this process: it answers over HTTP as S3 does when objects are put, got and deleted,
and looks at how a request is signed, but does not verify the signature. No storage of Amazon's is asked.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.catalog.adapters import images
from services.catalog.adapters.images import Bucket, Folder, ImageStore, store
from services.catalog.domain.images import stored_as
from services.catalog.settings import Settings
from shared.contracts.catalog.images import ImageSize
from shared.kernel.problems import Unavailable

KEY = "ab" * 32
LARGE, SMALL = stored_as(KEY, ImageSize.LARGE), stored_as(KEY, ImageSize.THUMBNAIL)
FILES = {LARGE: b"RIFF large \x00\xff", SMALL: b"RIFF small"}
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=AKIAKEEPER/\d{8}/eu-west-3/s3/aws4_request, SignedHeaders=\S+, Signature=\w{64}"
)


@dataclass
class StandIn:
    """What stands in for S3: objects by path, and what it was sent."""

    objects: dict[str, bytes] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    down: bool = False
    silent: bool = False
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        self.headers.append(headers)
        if self.silent:
            await reader.read()
            return
        if "expect" in headers:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status, answer = self.answered(method, path.partition("?")[0], body)
        begun = f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n"
        writer.write(begun.encode() + answer)
        await writer.drain()
        writer.close()

    def answered(self, method: str, path: str, body: bytes) -> tuple[str, bytes]:
        if self.down:
            return "503 Slow Down", b"<Error><Code>SlowDown</Code><Message>secret place</Message></Error>"
        if method == "PUT":
            self.objects[path] = body
            return "200 OK", b""
        if method == "DELETE":
            self.objects.pop(path, None)
            return "204 No Content", b""
        if path in self.objects:
            return "200 OK", self.objects[path]
        return "404 Not Found", b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"


@pytest.fixture
async def s3() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    async with await asyncio.start_server(stand_in.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        stand_in.url = f"http://{host}:{port}"
        yield stand_in


def told(**given: Any) -> Settings:
    return Settings(database_url=SecretStr(""), **given)


def with_bucket(s3: StandIn) -> Settings:
    return told(
        images_bucket="pictures",
        images_endpoint=s3.url,
        images_region="eu-west-3",
        images_access_key=SecretStr("AKIAKEEPER"),
        images_secret_key=SecretStr("not told to anybody"),
    )


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, s3: StandIn) -> ImageStore:
    return store(with_bucket(s3) if request.param == "bucket" else told(images_folder=tmp_path / "images"))


async def test_what_is_put_is_got_until_it_is_deleted(kept: ImageStore) -> None:
    assert await kept.get(LARGE) is None
    await kept.put(FILES)
    await kept.put(FILES)
    assert [await kept.get(name) for name in FILES] == list(FILES.values())

    await kept.delete([LARGE])
    await kept.delete([LARGE, SMALL])

    assert [await kept.get(name) for name in FILES] == [None, None]


async def test_a_bucket_is_asked_as_s3_wants_it(s3: StandIn) -> None:
    bucket = Bucket(with_bucket(s3))
    await bucket.put(FILES)

    assert s3.objects == {f"/pictures/{name}": data for name, data in FILES.items()}
    for sent in s3.headers:
        assert SIGNED.fullmatch(sent["authorization"])
        assert sent["content-type"] == "image/webp"
        assert sent["cache-control"] == "public, max-age=31536000, immutable"
        assert "not told to anybody" not in str(sent)


async def test_a_bucket_that_does_not_answer_is_a_problem_that_names_no_place(s3: StandIn) -> None:
    bucket = Bucket(with_bucket(s3))
    s3.down = True

    with pytest.raises(Unavailable) as refused:
        await bucket.get(LARGE)

    assert "secret place" not in refused.value.detail
    assert "pictures are kept" in refused.value.detail


async def test_a_bucket_is_not_waited_for_without_end(s3: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "WHOLE_SECONDS", 0.3)
    s3.silent = True

    for asked in (Bucket(with_bucket(s3)).get(LARGE), Bucket(with_bucket(s3)).put(FILES)):
        with pytest.raises(Unavailable, match="pictures are kept"):
            await asked


async def test_a_folder_shows_no_half_written_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    await asyncio.gather(*(folder.put({LARGE: bytes([number]) * 100_000}) for number in range(8)))

    found = await folder.get(LARGE)
    assert found is not None
    assert (len(found), len(set(found))) == (100_000, 1)
    assert os.listdir((tmp_path / LARGE).parent) == ["large.webp"]


async def test_a_folder_leaves_nothing_behind_of_what_is_deleted(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    await folder.put(FILES)
    await folder.delete(FILES)

    assert not (tmp_path / LARGE).parent.exists()


async def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file stands in its place")

    with pytest.raises(Unavailable, match="pictures are kept"):
        await Folder(tmp_path / "images").put(FILES)


@pytest.mark.parametrize(
    "given",
    [
        {"images_access_key": "AKIA"},
        {"images_endpoint": "https://s3.example"},
        {"images_public_url": "images.example"},
        {"images_public_url": "https://images.example/?a=b"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        told(**given)


def test_a_public_address_ends_without_a_slash() -> None:
    assert told(images_public_url="https://images.example/shop/").images_public_url == "https://images.example/shop"
