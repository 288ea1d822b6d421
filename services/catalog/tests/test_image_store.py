"""Where pictures are kept: a folder, and a bucket of a stand-in that speaks as S3 does; none of Amazon's is asked."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.catalog.adapters import buckets, images
from services.catalog.adapters.buckets import Bucket
from services.catalog.adapters.images import Folder, ImageStore, store
from services.catalog.domain.images import stored_as
from services.catalog.settings import Settings
from services.catalog.tests.bucket import *  # noqa: F403
from services.catalog.tests.bucket import ACCESS_KEY, S3, SECRET_KEY
from shared.contracts.catalog.images import ImageSize
from shared.kernel.problems import Unavailable

KEY = "ab" * 32
LARGE, SMALL = stored_as(KEY, ImageSize.LARGE), stored_as(KEY, ImageSize.THUMBNAIL)
FILES = {LARGE: b"RIFF large \x00\xff", SMALL: b"RIFF small"}


def told(**given: Any) -> Settings:
    return Settings(database_url=SecretStr(""), **given)


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, s3: S3) -> ImageStore:
    return store(s3.settings() if request.param == "bucket" else told(images_folder=tmp_path / "images"))


async def test_what_is_put_is_got_until_it_is_deleted(kept: ImageStore) -> None:
    assert await kept.get(LARGE) is None
    await kept.put(FILES)
    await kept.put(FILES)
    assert [await kept.get(name) for name in FILES] == list(FILES.values())

    await kept.delete([LARGE])
    await kept.delete([LARGE, SMALL])

    assert [await kept.get(name) for name in FILES] == [None, None]


async def test_what_is_kept_is_listed_by_folder_and_by_when_it_was_put(kept: ImageStore) -> None:
    other = stored_as("cd" * 32, ImageSize.LARGE)
    medium = stored_as(KEY, ImageSize.MEDIUM)
    now = datetime.now(UTC)
    await kept.put(FILES | {medium: b"RIFF medium", other: b"RIFF other"})

    assert sorted(await kept.held("ab", now + timedelta(minutes=1))) == sorted([LARGE, medium, SMALL])
    assert await kept.held("cd", now + timedelta(minutes=1)) == [other]
    assert await kept.held("ab", now - timedelta(minutes=1)) == []
    assert await kept.held("ef", now) == []


async def test_a_bucket_is_asked_as_s3_wants_it(s3: S3) -> None:
    await Bucket(s3.settings()).put(FILES)

    assert {path: data for path, (data, _) in s3.objects.items()} == {
        f"/pictures/{name}": data for name, data in FILES.items()
    }
    for asked in s3.asked:
        assert asked.headers["content-type"] == "image/webp"
        assert asked.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert f"Credential={ACCESS_KEY}/" in asked.headers["authorization"]
        assert SECRET_KEY not in str(asked)


async def test_a_bucket_that_stumbles_is_asked_again(s3: S3) -> None:
    bucket = Bucket(s3.settings())
    s3.failures = 2
    await bucket.put(FILES)
    s3.failures = 2

    assert await bucket.get(LARGE) == FILES[LARGE]


async def test_a_bucket_that_does_not_answer_is_a_problem_that_names_no_place(
    s3: S3, caplog: pytest.LogCaptureFixture
) -> None:
    s3.failures = 100

    with pytest.raises(Unavailable) as refused:
        await Bucket(s3.settings()).get(LARGE)

    assert "secret place" not in refused.value.detail
    assert "pictures are kept" in refused.value.detail
    assert "SlowDown" in caplog.text
    assert len(s3.asked) == 3


async def test_who_may_not_read_a_bucket_is_told_so_and_not_that_there_is_no_picture(s3: S3) -> None:
    stranger = s3.settings().model_copy(update={"images_secret_key": SecretStr("guessed")})

    for bucket in (Bucket(stranger), Bucket(s3.settings("elsewhere"))):
        for asked in (bucket.get(LARGE), bucket.put(FILES), bucket.delete(FILES), bucket.held("ab", datetime.now(UTC))):
            with pytest.raises(Unavailable, match="pictures are kept"):
                await asked


async def test_a_bucket_is_not_waited_for_without_end(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "WHOLE_SECONDS", 0.3)
    s3.silent = True
    bucket = Bucket(s3.settings())

    for asked in (bucket.get(LARGE), bucket.put(FILES), bucket.delete(FILES), bucket.held("ab", datetime.now(UTC))):
        with pytest.raises(Unavailable, match="pictures are kept"):
            await asked


async def test_a_folder_that_hangs_is_a_problem_and_keeps_nothing_else_from_its_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, folder = Event(), Folder(tmp_path)
    monkeypatch.setattr(images, "WHOLE_SECONDS", 0.3)
    monkeypatch.setattr(folder, "_read", lambda name: back.wait(60))
    asked = [asyncio.create_task(folder.get(LARGE)) for _ in range(40)]
    try:
        answers = await asyncio.gather(*asked, return_exceptions=True)
        async with asyncio.timeout(30):
            assert await asyncio.to_thread(len, FILES) == len(FILES)
    finally:
        back.set()
    assert {type(answer) for answer in answers} == {Unavailable}


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
