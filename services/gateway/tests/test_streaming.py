import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from services.gateway import streaming
from services.gateway.streaming import EventStream, Wanted
from shared.kernel.problems import Problem
from shared.messaging.callers import AccountClosed
from shared.messaging.reader import Arrival
from shared.testing import eventually


def arrival(seq: int, kind: str = "orders.order_confirmed.v1", body: bytes = b'{"id":"1"}') -> Arrival:
    return Arrival(seq, seq, kind, body, {})


class Told:
    """A producer's stream that tells what it is given, then nothing."""

    def __init__(self, *arrivals: Arrival) -> None:
        self.reads, self.closed = 0, False
        self._arrivals: asyncio.Queue[Arrival] = asyncio.Queue()
        self.tell(*arrivals)

    def tell(self, *arrivals: Arrival) -> None:
        for one in arrivals:
            self._arrivals.put_nowait(one)

    async def read(self, within: float) -> Sequence[Arrival]:
        if not within and self._arrivals.empty():
            return []
        told = [await self._arrivals.get()]
        self.reads += 1
        return told

    async def close(self) -> None:
        self.closed = True


class Client:
    """The other end of a stream: what it has received, and whether it has gone."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.gone = asyncio.Event()
        self.taking = asyncio.Event()
        self.taking.set()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.taking.wait()
        self.messages.append(message)

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    async def hears(self, words: str) -> None:
        async def heard() -> None:
            assert words in self.text

        await eventually(heard)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a maker of running streams over given readers: (client, leaving, task)."""
    monkeypatch.setattr(streaming, "TICK", 0.01)

    def open_(readers: dict[str, Any], types: str = "*", check: Any = None, count: Any = lambda change: None) -> Any:
        async def fine() -> None: ...

        client, leaving = Client(), asyncio.Event()
        stream = EventStream(readers, Wanted.read(types), check or fine, leaving, count)
        task = asyncio.create_task(stream({"type": "http"}, client.receive, client.send))
        return SimpleNamespace(client=client, leaving=leaving, task=task)

    return open_


async def test_events_of_all_producers_arrive_with_their_number_type_and_envelope(opened: Any) -> None:
    readers = {"orders": Told(arrival(7)), "agents": Told(arrival(3, "agents.commission_accrued.v1", b'{"id":"2"}'))}
    stream = opened(readers)
    await stream.client.hears('id: orders-7\nevent: orders.order_confirmed.v1\ndata: {"id":"1"}\n\n')
    await stream.client.hears('id: agents-3\nevent: agents.commission_accrued.v1\ndata: {"id":"2"}\n\n')
    stream.leaving.set()
    await stream.task

    assert stream.client.messages[0]["status"] == 200
    assert (b"content-type", b"text/event-stream; charset=utf-8") in stream.client.messages[0]["headers"]


async def test_open_is_said_once_every_reader_has_its_place(opened: Any) -> None:
    class Slow(Told):
        ready = asyncio.Event()

        async def read(self, within: float) -> Sequence[Arrival]:
            await self.ready.wait()
            return await super().read(within)

    stream = opened({"orders": Told(), "agents": Slow()})
    for _ in range(20):
        await asyncio.sleep(0)
    assert stream.client.text == ""

    Slow.ready.set()
    await stream.client.hears("open")
    stream.leaving.set()
    await stream.task


async def test_only_what_was_asked_for_arrives(opened: Any) -> None:
    told = Told(arrival(1), arrival(2, "orders.order_paid.v1"), arrival(3))
    stream = opened({"orders": told}, types="orders.order_paid.*")
    await stream.client.hears("orders-2")
    stream.leaving.set()
    await stream.task

    assert "orders-1" not in stream.client.text
    assert "orders-3" not in stream.client.text


async def test_a_stream_that_is_silent_says_that_it_lives(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.02)
    stream = opened({"orders": Told()})
    await stream.client.hears(": alive")
    stream.leaving.set()
    await stream.task


async def test_a_client_that_goes_leaves_nothing_behind(opened: Any) -> None:
    readers, counts = {"orders": Told(), "agents": Told()}, []
    stream = opened(readers, count=counts.append)
    await stream.client.hears("open")
    stream.client.gone.set()
    await stream.task

    assert counts == [1, -1]
    assert all(reader.closed for reader in readers.values())


async def test_a_process_that_leaves_ends_its_streams_cleanly(opened: Any) -> None:
    stream = opened({"orders": Told()})
    await stream.client.hears("open")
    stream.leaving.set()
    await stream.task

    assert stream.client.messages[-1]["more_body"] is False
    assert "connect again" in stream.client.text


async def test_a_stream_ends_with_the_problem_when_its_account_is_closed(opened: Any) -> None:
    refusals: list[Problem] = []

    async def check() -> None:
        if refusals:
            raise refusals[0]

    told = Told()
    stream = opened({"orders": told}, check=check)
    await stream.client.hears("open")
    refusals.append(AccountClosed())
    told.tell(arrival(9))
    await stream.task

    assert "event: problem" in stream.client.text
    assert "ACCOUNT_CLOSED" in stream.client.text
    assert "orders-9" not in stream.client.text


async def test_a_slow_client_slows_its_readers_and_fills_no_memory(opened: Any) -> None:
    told = Told()
    stream = opened({"orders": told})
    await stream.client.hears("open")
    stream.client.taking.clear()
    told.tell(*(arrival(seq) for seq in range(1, 101)))

    async def full() -> None:
        assert told.reads >= streaming.BUFFERED

    await eventually(full)
    for _ in range(50):
        await asyncio.sleep(0)
    assert told.reads <= streaming.BUFFERED + 3

    stream.client.taking.set()
    await stream.client.hears("orders-100\n")
    stream.leaving.set()
    await stream.task
    assert [line for line in stream.client.text.split("\n") if line.startswith("id:")] == [
        f"id: orders-{seq}" for seq in range(1, 101)
    ]


async def test_a_client_that_takes_nothing_any_more_is_left(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "PATIENCE", 0.02)
    told = Told()
    stream = opened({"orders": told})
    await stream.client.hears("open")
    stream.client.taking.clear()
    told.tell(arrival(1))
    await asyncio.wait_for(stream.task, 5)

    assert told.closed


async def test_a_reader_that_breaks_ends_the_stream_so_that_the_client_connects_again(opened: Any) -> None:
    class Broken(Told):
        async def read(self, within: float) -> Sequence[Arrival]:
            raise ValueError("a bug")

    stream = opened({"orders": Broken()})
    await stream.task

    assert "connect again" in stream.client.text
