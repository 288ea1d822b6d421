"""Deleting what a house keeps."""

import shutil
from pathlib import Path

from devstack import place


def kept(data_dir: Path) -> list[Path]:
    """Return the folders a wipe deletes: the data, and PostgreSQL's place where that is outside (see place.py)."""
    folders = [data_dir, place.outside(data_dir / "postgres")]
    return [folder for folder in folders if folder is not None and folder.exists()]


def wipe(data_dir: Path) -> None:
    """Delete them all; the house must not run."""
    place.remove(data_dir / "postgres")
    if data_dir.exists():
        shutil.rmtree(data_dir)
