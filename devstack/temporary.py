"""Folders for houses that are gone at the end, and the sweeping up after those that were killed before it."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from devstack import place
from devstack.failing import Failed
from devstack.lock import claim

PREFIX = "courtier-temporary-"
SETTLED = 60.0  # seconds after which a folder's owner has certainly locked it


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Give an empty folder, deleted at the end with PostgreSQL's place of whatever ran in it."""
    _sweep()
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = claim(path)
    try:
        yield path
    finally:
        _delete(path)
        if lock is not None:
            lock.close()


def _sweep() -> None:
    """Delete what earlier runs could not: nobody holds their lock any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(Failed, OSError):  # somebody else's, or swept by another run at this moment
            if time.time() - path.stat().st_mtime < SETTLED:
                continue
            lock = claim(path)
            if lock is not None:
                _delete(path)
                lock.close()


def _delete(path: Path) -> None:
    for pointer in path.rglob(place.POINTER):
        place.remove(pointer.parent)
    shutil.rmtree(path, ignore_errors=True)
