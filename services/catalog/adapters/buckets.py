"""Pictures in a bucket, at Amazon S3 or what speaks like it.

It is waited for in threads: what the library itself would still have to say when a process ends aborts that process.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import S3Store

from services.catalog.adapters.images import aside, explained
from services.catalog.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

FOR_EVER = "public, max-age=31536000, immutable"
WRITTEN = {"Content-Type": "image/webp", "Cache-Control": FOR_EVER}
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 3
WHOLE_SECONDS = 15.0  # for all that is asked at once, repeats included
LISTED_AT_ONCE = 1_000


class Bucket:
    """Pictures as objects of a bucket."""

    def __init__(self, settings: Settings) -> None:
        account = (settings.images_access_key.get_secret_value(), settings.images_secret_key.get_secret_value())
        self._store = _opened(settings.images_bucket, settings.images_endpoint, settings.images_region, *account)

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keep these files."""
        with _explained():
            async with asyncio.timeout(WHOLE_SECONDS):
                for name, data in files.items():
                    await aside(self._store.put, name, data, attributes=WRITTEN, use_multipart=False)

    async def get(self, name: str) -> bytes | None:
        """Return an object, None where there is none of this name."""
        with _explained():
            async with asyncio.timeout(WHOLE_SECONDS):
                try:
                    return await aside(lambda: bytes(self._store.get(name).bytes()))
                except FileNotFoundError as missing:
                    if "NoSuchBucket" in str(missing):
                        raise
                    return None

    async def delete(self, names: Collection[str]) -> None:
        """Keep these objects no longer."""
        with _explained():
            async with asyncio.timeout(WHOLE_SECONDS):
                for name in names:
                    await aside(self._store.delete, name)

    async def held(self, folder: str, before: datetime) -> list[str]:
        """Return the names of the objects below a folder that were put before a moment."""
        names: list[str] = []
        with _explained():
            pages = iter(self._store.list(folder, chunk_size=LISTED_AT_ONCE))
            while True:
                async with asyncio.timeout(WHOLE_SECONDS):
                    page = await aside(next, pages, None)
                if page is None:
                    return names
                names += [one["path"] for one in page if one["last_modified"] < before]


@lru_cache(maxsize=1)
def _opened(bucket: str, endpoint: str, region: str, access_key: str, secret_key: str) -> S3Store:
    """Return a bucket with its connections, and what the machine was given to sign with, for as long as they last."""
    config: S3Config = {
        "bucket": bucket,
        "region": region,
        # A name with a dot in it fits no certificate of Amazon's as a part of the address.
        "virtual_hosted_style_request": not endpoint and "." not in bucket,
        # Not all who speak like S3 know how to delete many at once.
        "disable_bulk_delete": True,
    }
    if endpoint:
        config["endpoint"] = endpoint
    if access_key:
        config |= {"access_key_id": access_key, "secret_access_key": secret_key}
    return S3Store(
        config=config,
        client_options={
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            "timeout": timedelta(seconds=READ_SECONDS),
            "allow_http": endpoint.startswith("http://"),
        },
        retry_config={"max_retries": ATTEMPTS - 1, "retry_timeout": timedelta(seconds=WHOLE_SECONDS)},
    )


@contextmanager
def _explained() -> Iterator[None]:
    with explained(BaseError, FileNotFoundError, TimeoutError):
        yield
