"""Temporary folders: gone at the end, and swept up when their owner was killed."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from devstack import temporary
from devstack.services import ROOT

KILLED = """
import os, signal
from devstack import temporary
with temporary.folder() as path:
    print(path, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def aged(path: Path) -> Path:
    long_ago = time.time() - 10 * temporary.SETTLED
    os.utime(path, (long_ago, long_ago))
    return path


def test_what_a_killed_run_left_is_swept_up(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, cwd=ROOT, env=environment)
    left = aged(Path(killed.stdout.strip()))
    assert left.exists()
    with temporary.folder():
        assert not left.exists()


def test_what_is_in_use_or_quite_new_stays(tmp_path: Path) -> None:
    new = Path(tempfile.mkdtemp(prefix=temporary.PREFIX))
    with temporary.folder() as used:
        aged(used)
        with temporary.folder():
            assert used.exists()
            assert new.exists()
    assert not used.exists()
