"""Events and stops, through a real gateway on a real NATS."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from nats.aio.msg import Msg

from services.gateway.tests.running import (
    PRODUCTS,
    Listener,
    answered,
    connected,
    envelope,
    serving,
    tell,
)
from shared.contracts.actor import ActorType
from shared.contracts.catalog.storefront import ListProducts
from shared.contracts.identity import AccountDisabled, AccountSnapshot, GetSigningKeys
from shared.kernel.ids import new_id
from shared.messaging.topology import ensure_stream
from shared.testing import eventually
from shared.testing.tokens import ACCOUNT, OURS, Issuer


@pytest.fixture
async def newsworthy() -> AsyncIterator[Any]:
    """Yield a broker with the streams of orders and identity, and identity's keys to be asked for."""
    from devstack.nats import Nats

    keys = await Issuer(OURS)()
    async with Nats.temporary() as broker:
        broker.clients = {name: await connected(broker, name) for name in ("orders", "identity")}
        for name, nc in broker.clients.items():
            await ensure_stream(nc, name)
        async with answered(broker, GetSigningKeys.subject, lambda _: (keys.model_dump_json().encode(), {})):
            yield broker
        for nc in broker.clients.values():
            await nc.close()


async def test_staff_hear_events_and_go_on_where_they_were(newsworthy: Any) -> None:
    orders = newsworthy.clients["orders"]
    await tell(orders, 1, envelope(1))
    async with serving(newsworthy) as http:
        first = Listener(http)
        async with first.listening():
            await first.hears("open")

            await tell(orders, 2, envelope(2))
            await first.hears("id: orders-2\n")
        assert first.ids == ["orders-2"]

        await tell(orders, 3, envelope(3))
        again = Listener(http, **{"Last-Event-ID": "orders-2"})
        async with again.listening():
            await again.hears("id: orders-3\nevent: orders.order_paid.v1\ndata: {")
        assert again.ids == ["orders-3"]


async def test_a_closed_account_hears_no_more(newsworthy: Any) -> None:
    account = AccountSnapshot(
        id=ACCOUNT,
        version=2,
        email="nora@example.com",
        name="Nora",
        type=ActorType.STAFF,
        actor_id=new_id(),
        roles=["admin"],  # type: ignore[list-item]
        disabled=True,
    )
    closed = AccountDisabled(account=account, reason="left")
    async with serving(newsworthy) as http:
        listener = Listener(http)
        async with listener.listening() as task:
            await listener.hears("open")
            body = envelope(1, "identity", AccountDisabled.type(), closed)
            await tell(newsworthy.clients["identity"], 1, body, AccountDisabled.type())
            await asyncio.wait_for(task, 5)
        assert "ACCOUNT_CLOSED" in listener.text
        refused = await http.send(Listener(http)._request)
        assert (refused.status_code, refused.json()["code"]) == (401, "ACCOUNT_CLOSED")


async def test_a_stop_says_not_ready_first_ends_streams_and_lets_answers_finish(newsworthy: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "COURTIER_NATS_URL": newsworthy.url,
        "COURTIER_NATS_USER": "gateway",
        "COURTIER_NATS_PASSWORD": newsworthy.password("gateway"),
        "COURTIER_DRAIN_SECONDS": "1",
    }
    command = ("-m", "uvicorn", "--factory", "services.gateway.app:create_app", "--port", str(port))
    options = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--timeout-graceful-shutdown", "10")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, *options, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

        async def up() -> None:
            try:
                assert (await http.get("/readyz")).status_code == 200
            except httpx.TransportError as error:
                raise AssertionError from error

        await eventually(up, within=30)
        listener = Listener(http)
        async with listener.listening() as streaming:
            await listener.hears("open")
            owner = await connected(newsworthy, "catalog")
            asked: asyncio.Future[Msg] = asyncio.get_running_loop().create_future()

            async def slowly(message: Msg) -> None:
                asked.set_result(message)

            await owner.subscribe(ListProducts.subject, queue="catalog", cb=slowly)
            await owner.flush()
            waiting = asyncio.create_task(http.get("/v1/products"))
            message = await asked
            process.send_signal(signal.SIGTERM)

            async def leaving() -> None:
                ready = await http.get("/readyz")
                assert (ready.status_code, "shutting down" in ready.text) == (503, True)

            await eventually(leaving, within=1)
            await asyncio.wait_for(streaming, 5)
            await owner.publish(message.reply, PRODUCTS.model_dump_json().encode())
            answer = await waiting
            await owner.close()
    assert answer.status_code == 200
    assert "connect again" in listener.text
    assert await asyncio.wait_for(process.wait(), 10) in (0, -signal.SIGTERM)
