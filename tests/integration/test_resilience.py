"""One thing gone at a time: what callers are told meanwhile, and that the same key gives one order afterwards."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import asyncpg
import httpx

from devstack.waiting import http_status
from shared.testing import eventually
from tests.integration.breaking import (
    SKU,
    everyone_heard_once,
    killed,
    order_of,
    orders_called,
    place,
    placed,
    restarted,
    sells_again,
    whole,
)

AT_ONCE = 1.0  # seconds; on a machine with nothing else to do it is milliseconds


async def reserved(shop: Any) -> float:
    quantity: float = (await shop.people["admin"].get("/v1/stock", sku=SKU))["items"][0]["reserved"]
    return quantity


def says_try_again(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 503
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["Retry-After"]) >= 1
        and bool(answer.json()["detail"])
    )


async def timed(asking: Awaitable[httpx.Response]) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return await asking, time.monotonic() - began


async def readiness(shop: Any) -> dict[str, dict[str, str]]:
    """Return what keeps each process from its work, by its own word; nothing where it is ready."""
    house = shop.house
    async with httpx.AsyncClient(timeout=5) as http:
        answers = await asyncio.gather(*(http.get(f"{house.urls[name]}/readyz") for name in house.layout.names))
    said = {name: answer.json() for name, answer in zip(house.layout.names, answers, strict=True)}
    assert all(answer.status_code == (200 if answer.json()["ready"] else 503) for answer in answers)
    return {name: one["troubles"] for name, one in said.items()}


async def test_orders_away_is_answered_at_once_and_the_same_key_orders_once_afterwards(
    frail: Any, key: dict[str, str]
) -> None:
    body = await order_of(frail)
    await killed(frail, "orders", "orders-2")

    refused, seconds = await timed(place(frail, body, key))
    listed, seconds_too = await timed(frail.people["paul"].http.get("/v1/orders"))
    browsed = await frail.people["paul"].http.get("/v1/products")

    assert says_try_again(refused)
    assert says_try_again(listed)
    assert max(seconds, seconds_too) < AT_ONCE
    assert browsed.status_code == 200
    await restarted(frail, "orders", "orders-2")
    order = await placed(frail, body, key)
    again = await place(frail, body, key)
    assert (again.status_code, again.json(), "Idempotency-Replayed" in again.headers) == (201, order, True)
    assert [one["id"] for one in await orders_called(frail, body["reference"])] == [order["id"]]


async def test_ST3_a_broker_that_is_away_at_placement_leaves_nothing_and_the_same_key_gives_one_order(
    frail: Any, key: dict[str, str]
) -> None:
    body, before = await order_of(frail, quantity=2), await reserved(frail)
    await frail.house.kill("nats")

    paths = ("/v1/products", "/v1/orders", "/v1/customers", "/v1/agents/me/dashboard", "/v1/me", "/v1/commissions")
    asked = [place(frail, body, key), *(frail.people["paul"].http.get(path) for path in paths)]
    answers = [await timed(asking) for asking in asked]

    assert all(says_try_again(answer) for answer, _ in answers)
    assert max(seconds for _, seconds in answers) < AT_ONCE
    await eventually(lambda: everyone_says("nats", frail, frail.house.layout.names))
    assert {await http_status(frail.house.ports[name], "/livez") for name in frail.house.layout.names} == {200}

    await frail.house.restart("nats")
    order = await sells_again(frail, body, key)
    await whole(frail)
    assert [one["id"] for one in await orders_called(frail, body["reference"])] == [order["id"]]
    assert await reserved(frail) == before + 2
    await everyone_heard_once(frail, order)


async def everyone_says(trouble: str, shop: Any, names: list[str]) -> None:
    said = await readiness(shop)
    assert all(said[name].get(trouble) for name in names), said


async def test_ST3_a_broker_lost_after_the_orders_transaction_leaves_the_order_standing(
    frail: Any, key: dict[str, str]
) -> None:
    body = await order_of(frail)
    connection = await asyncpg.connect(frail.house.postgres.url("postgres", "orders", "postgresql"))
    hindrance = connection.transaction()
    await hindrance.start()
    await connection.execute("LOCK TABLE inbox IN EXCLUSIVE MODE")  # the last thing a placement writes
    placing = asyncio.create_task(place(frail, body, key))

    async def all_but_committed() -> None:
        nonlocal placing
        if placing.done():  # refused on a machine too busy to answer in time
            placing = asyncio.create_task(place(frail, body, key))
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'inbox'::regclass AND NOT granted"
        assert await connection.fetchval(waiting) == 1

    await eventually(all_but_committed, within=30)
    await frail.house.kill("nats")
    answer = await placing
    assert says_try_again(answer)
    await hindrance.rollback()

    async def committed() -> Any:
        row = await connection.fetchrow("SELECT id, status FROM orders WHERE reference = $1", body["reference"])
        assert row is not None
        return row

    row = await eventually(committed)
    unsent = "SELECT count(*) FROM outbox, relay_state WHERE aggregate_id = $1 AND (seq IS NULL OR seq > published_seq)"
    assert (row["status"], await connection.fetchval(unsent, row["id"])) == ("confirmed", 1)
    await connection.close()

    await frail.house.restart("nats")
    order = await sells_again(frail, body, key)
    assert order["id"] == str(row["id"])
    assert len(await orders_called(frail, body["reference"])) == 1
    await everyone_heard_once(frail, order)
    await whole(frail)


async def test_a_database_that_dies_and_comes_back_is_waited_for_by_everyone(frail: Any, key: dict[str, str]) -> None:
    body = await order_of(frail)
    keepers = [name for name in frail.house.layout.names if name != "gateway"]
    await frail.house.kill("postgres")

    refused, seconds = await timed(place(frail, body, key))

    assert says_try_again(refused)
    assert seconds < AT_ONCE
    await eventually(lambda: everyone_says("database", frail, keepers))
    await frail.house.restart("postgres")
    order = await sells_again(frail, body, key)
    assert len(await orders_called(frail, body["reference"])) == 1
    await everyone_heard_once(frail, order)
    await whole(frail)
