"""Stopped, killed or wiped while orders go on: nothing is lost, nothing doubled, nobody is refused without need."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import nats

from devstack.waiting import http_status
from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import fresh_key
from tests.integration.breaking import (
    everyone_heard_once,
    killed,
    order_of,
    place,
    placed,
    restarted,
    sells_again,
    whole,
)
from tests.integration.standing import drifts, quiet

WORKERS, PACE = 2, 0.1  # seconds between an answer and the next order of a worker
Answers = list[tuple[str, httpx.Response]]


async def test_a_store_wiped_while_running_loses_and_doubles_nothing(frail: Any, key: dict[str, str]) -> None:
    before = await placed(frail, await order_of(frail), fresh_key())

    await frail.house.nats.wipe()

    after = await sells_again(frail, await order_of(frail), key)
    await everyone_heard_once(frail, before, after)
    await quiet(frail)
    await whole(frail)


async def test_ST4_events_heard_late_twice_and_after_a_restart_give_one_commission_and_one_mail(frail: Any) -> None:
    early = await placed(frail, await order_of(frail), fresh_key())
    await everyone_heard_once(frail, early)
    await killed(frail, "agents", "notifications")
    late = [await placed(frail, await order_of(frail), fresh_key()) for _ in range(5)]
    for service in ("agents", "notifications"):
        connection = await asyncpg.connect(frail.house.postgres.url(service, driver="postgresql"))
        await connection.execute("UPDATE cursors SET seq = 0, stream_seq = 0, stream_epoch = ''")
        await connection.close()
    await published_again(frail)

    await restarted(frail, "agents", "notifications")

    await everyone_heard_once(frail, early, *late)
    await quiet(frail)
    await everyone_heard_once(frail, early, *late)
    await whole(frail)


async def published_again(shop: Any) -> None:
    """Publish the newest order's event a second time, as a relay would that does not know that it has."""
    nc = await nats.connect(
        shop.house.nats.url, user="orders", password=shop.house.nats.password("orders"), inbox_prefix="_INBOX_orders"
    )
    stream = nc.jetstream()
    newest = await stream.get_msg("ORDERS", (await stream.stream_info("ORDERS")).state.last_seq)
    number = {"X-Seq": (newest.headers or {})["X-Seq"]}  # without the id by which the broker would know it again
    await stream.publish(str(newest.subject), newest.data or b"", headers=number)
    await nc.close()


@asynccontextmanager
async def orders_coming_in(shop: Any) -> AsyncIterator[Answers]:
    """Place orders steadily; yield the references and answers, more and more of them."""
    body, answers, enough = await order_of(shop), Answers(), asyncio.Event()

    async def order_on() -> None:
        while not enough.is_set():
            reference = f"frail-{new_id()}"
            answer = await place(shop, body | {"reference": reference}, fresh_key())
            answers.append((reference, answer))
            await asyncio.sleep(PACE)

    working = [asyncio.create_task(order_on()) for _ in range(WORKERS)]
    try:
        yield answers
    finally:
        enough.set()
        await asyncio.gather(*working)


async def test_a_replica_that_is_asked_to_stop_loses_no_request(frail: Any) -> None:
    said = {}
    async with orders_coming_in(frail) as answers:
        await more_of(answers)
        for name in ("orders", "catalog"):
            said[name] = await stopped_in_order(frail, name)
            await more_of(answers)
        await restarted(frail, "orders", "catalog")
        await more_of(answers)

    assert Counter(answer.status_code for _, answer in answers) == {201: len(answers)}
    stored = Counter([one["reference"] async for one in frail.people["admin"].every("/v1/orders")])
    assert {stored[reference] for reference, _ in answers} == {1}
    for readings in said.values():
        assert 200 not in readings[readings.index(503) :]


async def more_of(answers: list[Any], count: int = 10) -> None:
    """Wait until so many more answers have come."""
    wanted = len(answers) + count

    async def enough() -> None:
        assert len(answers) >= wanted

    await eventually(enough, within=30)


async def stopped_in_order(shop: Any, name: str) -> list[int | None]:
    """Ask a process to stop; return what its readiness said until it had."""
    process = shop.house.programs[name].process
    process.signal(signal.SIGTERM)
    said = []
    while process.running:
        said.append(await http_status(shop.house.ports[name], "/readyz"))
    assert process.exit_code in (0, -signal.SIGTERM)  # by itself: uvicorn ends with the signal it heard
    return [*said, None]


async def test_after_all_that_was_broken_nothing_has_drifted(frail: Any) -> None:
    await whole(frail)
    await quiet(frail)

    assert await drifts(frail) == []
