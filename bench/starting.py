"""From the command to the first answer: `make up` on data that is there, as a process of its own."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devstack import running
from devstack.process import Process
from devstack.services import ROOT
from devstack.waiting import http_status

LONGEST = 120.0  # seconds
PREFIX, UNWRITTEN = "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"
UP = "import devstack.commands, devstack.up, devstack.demo, devstack.house"


def keep_compiled(folder: Path) -> None:
    """Let every Python begun from now on keep its .pyc files here, whatever the environment was set to."""
    os.environ.pop(UNWRITTEN, None)
    os.environ[PREFIX] = str(folder)
    subprocess.run([sys.executable, "-c", UP], check=True, cwd=ROOT)


async def start_once(data: Path, *, compiled: bool) -> float:
    """Return the seconds until the catalogue answers; without `compiled`, Python finds no .pyc of any library."""
    with tempfile.TemporaryDirectory(prefix="courtier-bench-") as empty:
        variables = dict(os.environ) if compiled else os.environ | {PREFIX: empty}
        command = [sys.executable, "-m", "devstack", "up", "--data", str(data)]
        house = Process("up", command, data / "logs" / "up.log", env=variables, cwd=ROOT)
        started = time.monotonic()
        house.start()
        try:
            await _answers(house, data, started + LONGEST)
            return time.monotonic() - started
        finally:
            await house.stop(30)


async def _answers(house: Process, data: Path, deadline: float) -> None:
    while time.monotonic() < deadline and house.running:
        port = _gateway(data)
        if port and await http_status(port, "/v1/products?limit=1") == 200:
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"`make up` did not answer: {house.said()}")


def _gateway(data: Path) -> int | None:
    """Return the gateway's port once the whole house is up and has written down where."""
    found = running.read(data)
    return found.ports.get("gateway") if found else None
