"""What runs where, written down by `up` for `status` and `reset`."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from devstack.lock import claim


@dataclass(frozen=True, slots=True)
class Running:
    """A house that runs: the process that owns it, and once it is up its ports by name and which are services."""

    pid: int
    ports: dict[str, int] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)


def write(data_dir: Path, ports: Mapping[str, int], services: Sequence[str]) -> None:
    """Write down that this process runs the house, and once it is up where."""
    fresh = _file(data_dir).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(Running(os.getpid(), dict(ports), list(services)))))
    fresh.replace(_file(data_dir))


def read(data_dir: Path) -> Running | None:
    """Return what runs from this directory. The lock is the truth: the file survives a kill -9, the lock does not."""
    if not data_dir.exists():
        return None
    lock = claim(data_dir)
    if lock is not None:
        lock.close()
        return None
    if not _file(data_dir).exists():  # it has the lock since this very moment
        return Running(0)
    return Running(**json.loads(_file(data_dir).read_text()))


def _file(data_dir: Path) -> Path:
    return data_dir / "running.json"
