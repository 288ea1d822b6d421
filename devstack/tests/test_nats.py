"""The broker as a child: what it acknowledged survives it, and a wipe loses it all."""

from collections.abc import AsyncIterator
from pathlib import Path

import nats as client
import pytest
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from devstack.failing import Failed
from devstack.nats import Nats


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Nats]:
    running = await Nats.start(tmp_path / "a path 'with' spaces")
    yield running
    await running.stop()


async def connected(broker: Nats, user: str = "orders") -> Client:
    inbox = f"_INBOX_{user}".encode()  # the only one its permissions let it hear
    return await client.connect(
        broker.url, user=user, password=broker.password(user), inbox_prefix=inbox, allow_reconnect=False
    )


async def test_the_store_survives_a_kill_and_the_port_stays(broker: Nats) -> None:
    first = await connected(broker)
    await first.jetstream().add_stream(name="ORDERS", subjects=["events.orders.>"])
    await first.jetstream().publish("events.orders.order_placed.v1", b"{}")
    port = broker.port
    await broker.kill()
    await broker.restart()
    again = await connected(broker)
    assert (await again.jetstream().stream_info("ORDERS")).state.messages == 1
    assert broker.port == port
    await again.close()


async def test_a_wipe_loses_the_store(broker: Nats) -> None:
    first = await connected(broker)
    await first.jetstream().add_stream(name="ORDERS", subjects=["events.orders.>"])
    await broker.wipe()
    again = await connected(broker)
    with pytest.raises(NotFoundError):
        await again.jetstream().stream_info("ORDERS")
    await again.close()


async def test_a_paused_broker_answers_after_resume(broker: Nats) -> None:
    one = await connected(broker)
    broker.pause()
    with pytest.raises(TimeoutError):
        await one.flush(timeout=1)
    broker.resume()
    again = await connected(broker)
    await again.flush()
    await again.close()


async def test_an_unknown_password_is_refused(broker: Nats) -> None:
    with pytest.raises(Exception, match="Authorization Violation"):
        await client.connect(broker.url, user="orders", password="guess", allow_reconnect=False)


async def test_one_store_has_one_broker(broker: Nats) -> None:
    with pytest.raises(Failed, match="already runs"):
        await Nats.start(broker.data_dir)
