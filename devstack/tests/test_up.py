"""`up` as people run it: a process in a terminal of its own, told to stop in every way there is."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack import kin, running, wiping
from devstack.services import ROOT
from devstack.waiting import until

SCRIPT = """
import asyncio, sys
from pathlib import Path
from rich.console import Console
from devstack.house import House
from devstack.logins import DemoLogin
from devstack.services import Service
from devstack.up import up

async def demo(url, secret):
    print("loading demo data", flush=True)
    if "broken" in sys.argv:
        raise ValueError("no such product")
    return [DemoLogin("admin", "admin@demo.example", "open sesame")]

async def nothing(house):
    pass

services = (Service("orders", 48104), Service("gateway", 48080, database=False))
command = lambda name, port: [sys.executable, "-m", "devstack.tests.fake_service", str(port)]
house = House(Path(sys.argv[1]), services=services, command=command, prepare=nothing)
asyncio.run(up(house, Console(soft_wrap=True), demo))
"""


class Up:
    """A running `up` and what it printed."""

    def __init__(self, data_dir: Path, *arguments: str) -> None:
        self.output = data_dir.with_suffix(".out")
        self.data_dir = data_dir
        with self.output.open("wb") as out:
            command = [sys.executable, "-c", SCRIPT, str(data_dir), *arguments]
            self.process = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)

    @property
    def said(self) -> str:
        return self.output.read_text()

    async def says(self, words: str) -> None:
        assert await until(lambda: words in self.said or self.process.poll() is not None, 60)
        assert words in self.said

    async def ends(self) -> int:
        assert await until(lambda: self.process.poll() is not None, 60)
        return self.process.returncode

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def in_house(data_dir: Path) -> list[int]:
    """Return the processes that were started for this house, by the folders their command lines or logs name."""
    pointer = data_dir / "postgres" / "place"
    places = [str(data_dir), *([pointer.read_text()] if pointer.exists() else [])]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                names = kin.command_line(int(entry.name)) + os.readlink(entry / "fd" / "1")
                if any(place in names for place in places):
                    found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("up") / "the house"
    yield folder
    wiping.wipe(folder)


async def test_demo_data_that_fails_is_named_and_loaded_anew(data_dir: Path) -> None:
    up = Up(data_dir, "broken")
    try:
        assert await up.ends() == 1
    finally:
        up.end()
    assert "The demo data could not be loaded" in up.said
    assert "no such product" in (data_dir / "logs" / "demo.log").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_it_starts_stops_and_goes_on_with_its_data(data_dir: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        up = Up(data_dir)
        try:
            await up.says("Ctrl-C stops everything")
            assert "open sesame" in up.said
            assert ("beginning anew" in up.said) == (number == signal.SIGINT), "after the failure of the test before"
            assert ("loading demo data" in up.said) == (number == signal.SIGINT), "loaded on the first start only"
            up.process.send_signal(number)
            assert await up.ends() == 0
        finally:
            up.end()
        assert "The data is kept" in up.said
        assert "Traceback" not in up.said
        assert in_house(data_dir) == []
        assert running.read(data_dir) is None


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("when", "how", "code"), [("NATS: ready", signal.SIGINT, 0), ("Ctrl-C", signal.SIGKILL, -9)])
async def test_nothing_is_left_behind(data_dir: Path, when: str, how: signal.Signals, code: int) -> None:
    up = Up(data_dir)
    try:
        await up.says(when)
        up.process.send_signal(how)
        assert await up.ends() == code
    finally:
        up.end()
    assert await until(lambda: in_house(data_dir) == [], 10), "something outlived `up`"
    assert "Traceback" not in up.said
