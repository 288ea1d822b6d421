"""Where pictures are kept: a folder of this machine, or a bucket at Amazon S3 or what speaks like it.

Files are written once and never changed: their names are digests of what is in them.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from services.catalog.settings import Settings
from shared.kernel.problems import Unavailable

FOR_EVER = "public, max-age=31536000, immutable"
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 3
WHOLE_SECONDS = 15.0  # for all that is asked at once, repeats included
log = logging.getLogger(__name__)


class ImageStore(Protocol):
    """Where pictures are kept, by name: "ab/ab12…/large.webp". Each raises Unavailable when it cannot be reached."""

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keep these files; those that are kept already stay as they are."""
        ...

    async def get(self, name: str) -> bytes | None:
        """Return a file, None where there is none of this name."""
        ...

    async def delete(self, names: Collection[str]) -> None:
        """Keep these files no longer; those that are not there change nothing."""
        ...


def store(settings: Settings) -> ImageStore:
    """Return where the settings say that pictures are kept."""
    return Bucket(settings) if settings.images_bucket else Folder(settings.images_folder)


class Folder:
    """Pictures as files below a folder. A file is there whole or not at all, after a power cut too."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keep these files."""
        with _explained(OSError):
            await asyncio.to_thread(self._write_all, files)

    async def get(self, name: str) -> bytes | None:
        """Return a file, None where there is none of this name."""
        with _explained(OSError):
            return await asyncio.to_thread(self._read, name)

    async def delete(self, names: Collection[str]) -> None:
        """Keep these files no longer."""
        with _explained(OSError):
            await asyncio.to_thread(self._unlink_all, names)

    def _write_all(self, files: Mapping[str, bytes]) -> None:
        folders: set[Path] = set()
        for name, data in files.items():
            path = self._root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
            folders |= {path.parent, path.parent.parent, self._root}
        for folder in folders:
            _settle(folder)

    def _read(self, name: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return (self._root / name).read_bytes()
        return None

    def _unlink_all(self, names: Collection[str]) -> None:
        for path in (self._root / name for name in names):
            path.unlink(missing_ok=True)
            with suppress(OSError):  # others are still in it, or it is gone already
                path.parent.rmdir()


class Bucket:
    """Pictures as objects of a bucket. Each call has a connection of its own: what is often shown stands in caches."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.images_bucket
        self._where = {
            "region_name": settings.images_region,
            "endpoint_url": settings.images_endpoint or None,
            "aws_access_key_id": settings.images_access_key.get_secret_value() or None,
            "aws_secret_access_key": settings.images_secret_key.get_secret_value() or None,
        }

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keep these files."""
        async with self._client() as client:
            for name, data in files.items():
                await client.put_object(
                    Bucket=self._bucket, Key=name, Body=data, ContentType="image/webp", CacheControl=FOR_EVER
                )

    async def get(self, name: str) -> bytes | None:
        """Return an object, None where there is none of this name."""
        async with self._client() as client:
            with suppress(client.exceptions.NoSuchKey):
                found = await client.get_object(Bucket=self._bucket, Key=name)
                async with found["Body"] as body:
                    data: bytes = await body.read()
                return data
        return None

    async def delete(self, names: Collection[str]) -> None:
        """Keep these objects no longer."""
        async with self._client() as client:
            for name in names:
                await client.delete_object(Bucket=self._bucket, Key=name)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Any]:
        # A second of start and 30 MB, which only those need who keep pictures there.
        from aiobotocore.config import AioConfig
        from botocore.exceptions import BotoCoreError, ClientError

        config = AioConfig(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS},
            s3={"addressing_style": "path" if self._where["endpoint_url"] else "auto"},
            # Others who speak like S3 know less of checksums than Amazon; TLS and the signature protect what is sent.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        with _explained(BotoCoreError, ClientError, TimeoutError):
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                _session().create_client("s3", config=config, **self._where) as client,
            ):
                yield client


@cache
def _session() -> Any:
    """Return what remembers how S3 is spoken to, read from disk once."""
    from aiobotocore.session import get_session

    return get_session()


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place at once: nobody ever reads half of it."""
    unfinished = path.with_name(f".{token_hex(8)}")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the disk know what is in a folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _explained(*failures: type[Exception]) -> Iterator[None]:
    """Turn what a disk or a storage says into a problem. Its words, which name our places, go to the log alone."""
    try:
        yield
    except failures as failure:
        log.error("pictures cannot be kept or read: %s", failure)
        raise Unavailable("The place where pictures are kept does not answer; try again in a moment.") from failure
