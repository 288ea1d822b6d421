"""The gateway as a process runs it: behind uvicorn, on a real NATS, stopped by its signals."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from time import perf_counter
from typing import Any

import httpx
import pytest
import uvicorn
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.gateway import examples
from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.contracts.actor import ActorRef, ActorType, Permission
from shared.contracts.base import Envelope
from shared.contracts.catalog.products import ListProducts, ProductView
from shared.contracts.identity import AccountDisabled, AccountSnapshot, GetSigningKeys, SignIn, SignInFailed
from shared.contracts.values import Page
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging.topology import ensure_stream
from shared.messaging.wire import CORRELATION, problem_body, problem_headers
from shared.testing import eventually
from shared.testing.tokens import ACCOUNT, OURS, Issuer, token

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
    with socket.socket() as listening:
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


async def refuses_at_once(http: httpx.AsyncClient) -> None:
    """Assert that a refusal takes no longer than 20 ms; on a busy machine the best of many tries has to do."""

    async def at_once() -> None:
        began = perf_counter()
        answer = await http.get("/v1/products")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert perf_counter() - began < 0.02

    await eventually(at_once, within=30)


async def test_a_request_reaches_its_owner_and_the_bytes_come_back(nats: Any) -> None:
    async with serving(nats) as http, answered(nats, ListProducts.subject, with_products) as heard:
        headers = {"Authorization": "Bearer t.o.ken", "X-Request-Id": "story-1"}
        answer = await http.get("/v1/products", params={"limit": 5}, headers=headers)
        ready = await http.get("/readyz")

    assert (answer.status_code, answer.content) == (200, PRODUCTS.model_dump_json().encode())
    assert "server" not in answer.headers
    told = heard[0].headers or {}
    assert (told["authorization"], told[CORRELATION]) == ("Bearer t.o.ken", "story-1")
    assert ListProducts.model_validate_json(heard[0].data).limit == 5
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "troubles": {}})


async def test_a_password_reaches_identity_as_it_was_typed(nats: Any) -> None:
    refusal = SignInFailed()
    async with (
        serving(nats) as http,
        answered(nats, SignIn.subject, lambda _: (problem_body(refusal), problem_headers(refusal))) as heard,
    ):
        answer = await http.post("/v1/sessions", json={"email": "paul@example.com", "password": "correct horse"})

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_FAILED")
    assert SignIn.model_validate_json(heard[0].data).password.get_secret_value() == "correct horse"


async def test_an_owner_that_is_not_there_is_said_at_once(nats: Any) -> None:
    async with serving(nats) as http:
        await refuses_at_once(http)


async def test_a_broker_that_is_away_is_said_at_once_and_its_return_is_noticed() -> None:
    from devstack.nats import Nats

    async with Nats.temporary() as broker, serving(broker) as http:

        async def waiting_answer() -> httpx.Response:
            async with answered(broker, ListProducts.subject, with_products):
                return await http.get("/v1/products")

        assert (await waiting_answer()).status_code == 200
        await broker.kill()
        await refuses_at_once(http)
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/livez")).status_code == 200
        await broker.restart()

        async def back() -> None:
            assert (await waiting_answer()).status_code == 200

        await eventually(back, within=5)


async def test_who_waits_while_the_broker_dies_does_not_wait_for_long() -> None:
    from devstack.nats import Nats

    async with Nats.temporary() as broker, serving(broker) as http:
        owner = await connected(broker, "catalog")
        asked = asyncio.Event()

        async def never(message: Msg) -> None:
            asked.set()

        await owner.subscribe(ListProducts.subject, queue="catalog", cb=never)
        await owner.flush()
        waiting = asyncio.create_task(http.get("/v1/products"))
        await asked.wait()
        began = perf_counter()
        await broker.kill()
        answer = await waiting

        assert answer.status_code == 503
        assert perf_counter() - began < 2
        await owner.close()


async def test_a_gateway_starts_while_the_broker_is_away(nats: Any) -> None:
    async with serving(nats, nats_url="nats://127.0.0.1:1") as http:
        assert (await http.get("/v1/products")).status_code == 503
        assert (await http.get("/docs")).status_code == 200


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
        staff = token(actor_type="staff", permissions=[Permission.EVENTS_READ])
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


async def test_the_gateway_needs_no_database_library() -> None:
    script = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("sqlalchemy", "asyncpg", "alembic"):
            raise ImportError(name)
sys.meta_path.insert(0, Wall())
from services.gateway.app import create_app
create_app().openapi()
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()

    assert process.returncode == 0, said.decode()
