"""Where pictures are kept: a folder of this machine, or a bucket.

Files are written once and never changed: their names are digests of what is in them.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import ParamSpec, Protocol, TypeVar

from services.catalog.settings import Settings
from shared.kernel.problems import Unavailable

log = logging.getLogger(__name__)

WHOLE_SECONDS = 15.0
THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="pictures")
"""Where a disk of the network or a storage hangs, its threads do: nothing but pictures waits for one of these."""

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def aside(function: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """Return what a function returns that waits for the place where pictures are kept."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, partial(function, *given, **named))


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

    async def held(self, folder: str, before: datetime) -> list[str]:
        """Return the names of all files in a folder ("ab"), and below it, that were put before a moment."""
        ...


def store(settings: Settings) -> ImageStore:
    """Return where the settings say that pictures are kept."""
    if not settings.images_bucket:
        return Folder(settings.images_folder)
    # Ten MB of its own client, which only those need who keep pictures there.
    from services.catalog.adapters.buckets import Bucket

    return Bucket(settings)


class Folder:
    """Pictures as files below a folder. A file is there whole or not at all, after a power cut too."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keep these files."""
        async with _answering():
            await aside(self._write_all, files)

    async def get(self, name: str) -> bytes | None:
        """Return a file, None where there is none of this name."""
        async with _answering():
            return await aside(self._read, name)

    async def delete(self, names: Collection[str]) -> None:
        """Keep these files no longer."""
        async with _answering():
            await aside(self._unlink_all, names)

    async def held(self, folder: str, before: datetime) -> list[str]:
        """Return the names of the files below a folder that were written before a moment, unfinished ones too."""
        async with _answering():
            return await aside(self._written_before, folder, before.timestamp())

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

    def _written_before(self, folder: str, moment: float) -> list[str]:
        names: list[str] = []
        for path, _, files in os.walk(self._root / folder):
            for name in files:
                with suppress(FileNotFoundError):  # gone meanwhile
                    if os.stat(os.path.join(path, name)).st_mtime < moment:
                        names.append(Path(path, name).relative_to(self._root).as_posix())
        return names


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
def explained(*failures: type[Exception]) -> Iterator[None]:
    """Turn what a disk or a storage says into a problem. Its words, which name our places, go to the log alone."""
    try:
        yield
    except failures as failure:
        log.error("pictures cannot be kept or read: %s", str(failure).partition("\n")[0])
        raise Unavailable("The place where pictures are kept does not answer; try again in a moment.") from failure


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Wait for a disk, but not for ever."""
    with explained(OSError):
        async with asyncio.timeout(WHOLE_SECONDS):
            yield
