"""One owner at a time for a directory, until it closes the lock or dies."""

import fcntl
from pathlib import Path
from typing import IO


def claim(folder: Path) -> IO[str] | None:
    """Return the open lock of `folder`, or None when somebody else holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
