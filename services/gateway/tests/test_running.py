"""The gateway as a process runs it: behind uvicorn, on a real NATS."""

import asyncio
import sys
from time import perf_counter
from typing import Any

import httpx
from nats.aio.msg import Msg

from services.gateway.tests.running import (
    PRODUCTS,
    answered,
    connected,
    serving,
    with_products,
)
from shared.contracts.catalog.storefront import ListProducts
from shared.contracts.identity import SignIn, SignInFailed
from shared.messaging.wire import CORRELATION, problem_body, problem_headers
from shared.testing import eventually


async def refuses_at_once(http: httpx.AsyncClient) -> None:
    """Assert that a refusal is given without waiting: in far less time than the question may take to be answered."""
    began = perf_counter()
    answer = await http.get("/v1/products")
    assert perf_counter() - began < ListProducts.timeout / 4
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


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
