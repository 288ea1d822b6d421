"""The house, with services of two lines: started, watched, broken and stopped like the real ones."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from devstack import kin, running, wiping
from devstack.failing import Failed
from devstack.house import House
from devstack.layout import WANTED
from devstack.news import News
from devstack.services import Service
from devstack.waiting import http_status, until

SERVICES = (Service("identity", 48101), Service("orders", 48102), Service("gateway", 48080, database=False))


def fake(_: str, port: int) -> list[str]:
    return [sys.executable, "-m", "devstack.tests.fake_service", str(port)]


async def nothing(_: House) -> None:
    """Migrate nothing."""


OPTIONS: dict[str, Any] = {"services": SERVICES, "command": fake, "prepare": nothing}


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    async with House.temporary(**OPTIONS, replicas={"orders": 2}, supervised=True) as started:
        yield started


async def said(house: House, name: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=house.urls[name]) as web:
        answer: dict[str, Any] = (await web.get("/")).json()
        return answer


async def test_every_service_gets_its_own_addresses(house: House) -> None:
    orders, gateway = await said(house, "orders-2"), await said(house, "gateway")
    assert orders["COURTIER_NATS_URL"] == house.nats.url
    assert orders["COURTIER_NATS_USER"] == "orders"
    assert orders["COURTIER_DATABASE_URL"] == house.postgres.url("orders")
    assert gateway["COURTIER_DATABASE_URL"] is None
    assert gateway["COURTIER_PUBLIC_URL"] == house.urls["gateway"]


async def test_what_is_killed_stays_down_until_restarted(house: House) -> None:
    before = await said(house, "orders")
    await house.kill("orders")
    assert await http_status(house.ports["orders"], "/livez") is None
    assert await http_status(house.ports["orders-2"], "/livez") == 200
    await house.restart("orders", ready=True)
    assert (await said(house, "orders"))["pid"] != before["pid"]


@pytest.mark.parametrize("name", ["identity", "nats", "postgres", "mailbox"])
async def test_what_crashes_is_told_and_comes_back(house: House, name: str) -> None:
    heard: list[News] = []
    house.tell = heard.append
    program = house.programs[name]
    before = program.process.pid
    os.kill(before, signal.SIGKILL)
    assert await until(lambda: any("is back" in news.text for news in heard), 20)
    assert program.process.running
    assert program.process.pid != before
    assert "was killed by signal 9" in heard[0].text


async def test_what_is_paused_answers_after_resume(house: House) -> None:
    house.pause("gateway")
    assert await http_status(house.ports["gateway"], "/livez", 0.3) is None
    house.resume("gateway")
    assert await http_status(house.ports["gateway"], "/livez") == 200


async def test_one_data_directory_has_one_house(house: House) -> None:
    with pytest.raises(Failed, match="already runs"):
        await House(house.data_dir, **OPTIONS).start()
    found = running.read(house.data_dir)
    assert found is not None
    assert (found.pid, found.ports) == (os.getpid(), dict(house.ports))


async def test_secrets_are_for_the_owner_only(house: House) -> None:
    for path in (house.data_dir, house.data_dir / "secrets.json"):
        assert path.stat().st_mode & 0o077 == 0


async def test_taken_ports_are_passed_over_and_said() -> None:
    heard: list[News] = []
    with contextlib.ExitStack() as taken:
        for port in (*WANTED.values(), *(service.wanted_port for service in SERVICES)):
            blocker = taken.enter_context(socket.socket())
            with contextlib.suppress(OSError):  # taken by somebody else already: as good
                blocker.bind(("127.0.0.1", port))
        async with House.temporary(**OPTIONS, usual_ports=True, tell=heard.append) as house:
            assert house.ports["gateway"] != 48080
            assert await http_status(house.ports["gateway"], "/livez") == 200
    assert f"Port 48080 is taken: gateway gets {house.ports.get('gateway', '')}"[:30] in " ".join(n.text for n in heard)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a directory whose cluster is made once, by whichever test comes first."""
    folder = tmp_path_factory.mktemp("house") / "a house"
    yield folder
    assert folder in wiping.kept(folder)
    wiping.wipe(folder)
    assert wiping.kept(folder) == []


async def test_everything_leaves_in_order_and_the_data_stays(data_dir: Path) -> None:
    house = House(data_dir, **OPTIONS)
    await house.start()
    password = house.postgres.password("orders")
    processes = {name: program.process for name, program in house.programs.items()}
    house.pause("orders")  # a frozen one must not hold up the others
    await house.stop()
    assert not any(process.running for process in processes.values())
    assert processes["postgres"].exit_code == 0
    assert running.read(data_dir) is None
    await house.start()
    assert house.postgres.password("orders") == password
    await house.stop()


@pytest.mark.parametrize("after", ["postgres", "databases", "identity"])
async def test_a_start_can_be_cancelled_at_any_moment(data_dir: Path, after: str) -> None:
    begun = asyncio.Event()
    house = House(data_dir, **OPTIONS, tell=lambda news: begun.set() if news.step == after else None)
    start = asyncio.create_task(house.start())
    await asyncio.wait_for(begun.wait(), 30)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert [pid for pid in kin.descendants(os.getpid()) if str(data_dir) in kin.command_line(pid)] == []
    assert house.programs == {}


async def test_a_service_that_does_not_start_is_named_with_its_last_words(data_dir: Path) -> None:
    def broken(name: str, port: int) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('no such table')"] if name == "orders" else fake(name, port)

    with pytest.raises(Failed, match=r"(?s)orders does not start: no such table.*orders\.log"):
        await House(data_dir, **OPTIONS | {"command": broken}).start()
