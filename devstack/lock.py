"""One owner at a time for a directory, until it closes the lock or dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from devstack.failing import Failed


def claim(folder: Path) -> IO[str] | None:
    """Return the open lock of `folder`, or None when somebody else holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():  # root too: what it writes there would lock the other one out
        raise Failed(f"{folder} belongs to another user. Run this as that user, or let them `make reset` first.")
    lock = (folder / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
