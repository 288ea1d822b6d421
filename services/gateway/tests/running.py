"""A gateway behind uvicorn, its broker, and stand-ins for the owners: what the tests of the process share."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import httpx
import uvicorn
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.gateway import examples
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.contracts.actor import ActorRef, ActorType, Permission
from shared.contracts.base import Envelope
from shared.contracts.catalog.storefront import ProductView
from shared.contracts.values import Page
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.testing import eventually
from shared.testing.tokens import token

Reply = tuple[bytes, dict[str, str]]
PRODUCTS = Page[ProductView](items=[ProductView.model_validate(examples.ANSWERED["ProductView"])])


def settings_for(broker: Any, **changes: Any) -> Settings:
    login = {"nats_user": "gateway", "nats_password": broker.password("gateway")}
    return Settings(**({"nats_url": broker.url} | login | changes))


@asynccontextmanager
async def serving(broker: Any, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Run a gateway on a free port for as long as the block lasts."""
    config = uvicorn.Config(create_app(settings_for(broker, **changes)), log_config=None, server_header=False)
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    # Named TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for the client's acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listening]))
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as http:

                async def started() -> None:
                    assert server.started

                await eventually(started)
                yield http
        finally:
            server.should_exit = True
            await task


async def connected(broker: Any, user: str) -> Client:
    nc = Client()
    await nc.connect(broker.url, user=user, password=broker.password(user), inbox_prefix=f"_INBOX_{user}".encode())
    return nc


@asynccontextmanager
async def answered(broker: Any, subject: str, answer: Callable[[Msg], Reply]) -> AsyncIterator[list[Msg]]:
    """Stand in for the owner of a subject."""
    heard: list[Msg] = []
    owner = subject.split(".")[1]
    nc = await connected(broker, owner)

    async def take(message: Msg) -> None:
        heard.append(message)
        body, headers = answer(message)
        await nc.publish(message.reply, body, headers=headers or None)

    await nc.subscribe(subject, queue=owner, cb=take)
    await nc.flush()
    try:
        yield heard
    finally:
        await nc.close()


def with_products(_: Msg) -> Reply:
    return PRODUCTS.model_dump_json().encode(), {}


def envelope(seq: int, producer: str = "orders", kind: str = "orders.order_paid.v1", data: Any = None) -> bytes:
    told = Envelope(
        id=new_id(),
        type=kind,
        occurred_at=clock.now(),
        producer=producer,
        aggregate_id=new_id(),
        aggregate_version=seq,
        correlation_id="story",
        causation_id=None,
        actor=ActorRef(type=ActorType.STAFF),
        data=data or {"number": seq},
    )
    return told.model_dump_json().encode()


async def tell(nc: Client, seq: int, body: bytes, kind: str = "orders.order_paid.v1") -> None:
    await nc.jetstream().publish(f"events.{kind}", body, headers={"X-Seq": str(seq)})


class Listener:
    """A client of /v1/events."""

    def __init__(self, http: httpx.AsyncClient, **headers: str) -> None:
        staff = token(actor_type="staff", permissions=[Permission.EVENTS_READ, Permission.ORDERS_READ])
        self._request = http.build_request(
            "GET", "/v1/events", headers={"Authorization": f"Bearer {staff}"} | headers, timeout=30
        )
        self._http = http
        self.text = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Task[None]]:
        answer = await self._http.send(self._request, stream=True)
        assert answer.status_code == 200, await answer.aread()

        async def listen() -> None:
            async for part in answer.aiter_text():
                self.text += part

        task = asyncio.create_task(listen())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await answer.aclose()

    async def hears(self, words: str) -> None:
        async def heard() -> None:
            assert words in self.text

        await eventually(heard)

    @property
    def ids(self) -> list[str]:
        return [line.removeprefix("id: ") for line in self.text.split("\n") if line.startswith("id: ")]
