"""The gateway as a process runs it: behind uvicorn, on a real NATS, stopped by its signals."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import httpx
import nats
import uvicorn
from nats.aio.msg import Msg

from services.gateway import examples
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.contracts.catalog.products import ListProducts, ProductView
from shared.contracts.identity import SignIn
from shared.contracts.values import Page
from shared.messaging.wire import CORRELATION, problem_body, problem_headers
from shared.testing import eventually

Answer = Callable[[Msg], Awaitable[None]]
PRODUCTS = Page[ProductView](items=[ProductView.model_validate(examples.ANSWERED["ProductView"])])


@asynccontextmanager
async def serving(broker: Any, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Run a gateway on a free port for as long as the block lasts."""
    wanted = {"nats_url": broker.url, "nats_user": "gateway", "nats_password": broker.password("gateway")}
    app = create_app(Settings(**wanted, **settings, _env_file=None))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, server_header=False, proxy_headers=False)
        server = uvicorn.Server(config)
        server.capture_signals = _uncaptured  # type: ignore[method-assign, assignment]
        task = asyncio.create_task(server.serve([listening]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as http:

            async def started() -> None:
                assert server.started

            await eventually(started)
            try:
                yield http
            finally:
                server.should_exit = True
                await task


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


class _uncaptured:  # noqa: N801 - stands in for a method
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@asynccontextmanager
async def answered(broker: Any, subject: str, answer: Answer) -> AsyncIterator[list[Msg]]:
    """Stand in for the owner of a subject."""
    heard: list[Msg] = []

    async def take(message: Msg) -> None:
        heard.append(message)
        await answer(message)

    nc = await nats.connect(broker.url, user="catalog", password=broker.password("catalog"))
    await nc.subscribe(subject, cb=take)
    await nc.flush()
    yield heard
    await nc.close()


async def with_products(message: Msg) -> None:
    await message.respond(PRODUCTS.model_dump_json().encode())


async def test_a_request_reaches_its_owner_and_the_bytes_come_back(nats: Any) -> None:
    async with serving(nats) as http, answered(nats, ListProducts.subject, with_products) as heard:
        headers = {"Authorization": "Bearer t.o.ken", "X-Request-Id": "story-1"}
        answer = await http.get("/v1/products", params={"limit": 5}, headers=headers)
        ready = await http.get("/readyz")

    assert (answer.status_code, answer.content) == (200, PRODUCTS.model_dump_json().encode())
    assert "server" not in answer.headers
    assert heard[0].headers is not None
    assert (heard[0].headers["authorization"], heard[0].headers[CORRELATION]) == ("Bearer t.o.ken", "story-1")
    assert ListProducts.model_validate_json(heard[0].data).limit == 5
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "troubles": {}})


async def test_a_password_reaches_identity_as_it_was_typed(nats: Any) -> None:
    async def refuse(message: Msg) -> None:
        from shared.contracts.identity import SignInFailed

        problem = SignInFailed()
        assert message.reply
        await owner.publish(message.reply, problem_body(problem), headers=problem_headers(problem))

    import nats as client

    owner = await client.connect(nats.url, user="identity", password=nats.password("identity"))
    async with serving(nats) as http, answered(nats, SignIn.subject, refuse) as heard:
        body = {"email": "paul@example.com", "password": "correct horse"}
        answer = await http.post("/v1/sessions", json=body)
    await owner.close()

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_FAILED")
    assert SignIn.model_validate_json(heard[0].data).password.get_secret_value() == "correct horse"


async def test_an_owner_that_is_not_there_is_said_at_once(nats: Any) -> None:
    async with serving(nats) as http:
        await http.get("/livez")
        began = perf_counter()
        answer = await http.get("/v1/products")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert perf_counter() - began < 1
