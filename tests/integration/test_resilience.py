"""Broken on purpose, one thing at a time: what callers are told meanwhile, and that everything is there afterwards."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import nats
import pytest

from devstack.waiting import http_status
from shared.contracts.operations import SERVICES
from shared.kernel.ids import new_id
from shared.testing import eventually

AT_ONCE = 1.0  # seconds; on a machine with nothing else to do it is milliseconds
HEALED = 5.0  # seconds until the house sells again by itself (settled 15)
SKU = "THE-100"
WORKERS, PACE = 2, 0.1  # seconds between an answer and the next order of a worker


async def order_of(shop: Any, quantity: int = 1) -> dict[str, Any]:
    lines = [{"sku": SKU, "quantity": quantity}]
    return {"customer_id": await shop.customer_id("lucie"), "reference": f"frail-{new_id()}", "lines": lines}


async def place(shop: Any, body: dict[str, Any], key: dict[str, str]) -> httpx.Response:
    answer: httpx.Response = await shop.people["paul"].http.post("/v1/orders", json=body, headers=key)
    return answer


async def placed(shop: Any, body: dict[str, Any], key: dict[str, str]) -> dict[str, Any]:
    answer = await place(shop, body, key)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def orders_called(shop: Any, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.people["admin"].get("/v1/orders", reference=reference))["items"]
    return found


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


async def whole(shop: Any) -> None:
    """Wait until every process says that it is ready."""
    await asyncio.gather(*(shop.house.ready(name) for name in shop.house.layout.names))


async def killed(shop: Any, *names: str) -> None:
    await asyncio.gather(*(shop.house.kill(name) for name in names))


async def restarted(shop: Any, *names: str) -> None:
    await asyncio.gather(*(shop.house.restart(name, ready=True) for name in names))


async def everyone_heard_once(shop: Any, *orders: dict[str, Any]) -> None:
    """Wait until these sales have their commissions and mails, one of each."""

    async def heard() -> None:
        for order in orders:
            await heard_once(shop, order)

    await eventually(heard, within=60)


async def heard_once(shop: Any, order: dict[str, Any]) -> None:
    entries = (await shop.people["admin"].get("/v1/commissions", order_id=order["id"]))["items"]
    assert Counter((entry["kind"], entry["level"]) for entry in entries) == {("accrued", 0): 1, ("accrued", 1): 1}
    for who in ("lucie", "paul"):
        mails = [mail for mail in await shop.mails(shop.logins[who].email) if str(order["number"]) in mail["subject"]]
        assert len({mail["message_id"] for mail in mails}) == len(mails) == 1


async def everything_is_heard(shop: Any) -> None:
    """Wait until every event is told and heard and every job done."""

    async def still() -> None:
        states = [await shop.people["admin"].get(f"/v1/operations/{service}/status") for service in SERVICES]
        said = {state["service"]: state["relay"]["last_seq"] for state in states}
        for state in states:
            assert state["relay"]["published_seq"] == state["relay"]["last_seq"]
            assert all(cursor["seq"] == said[cursor["producer"]] for cursor in state["cursors"])
            assert not state["jobs_due"]

    await eventually(still, within=60)


async def test_orders_away_is_answered_at_once_and_the_same_key_orders_once_afterwards(
    frail: Any, key: dict[str, str]
) -> None:
    body = await order_of(frail)
    await killed(frail, "orders", "orders-2")

    refused, seconds = await timed(place(frail, body, key))
    listed, seconds_too = await timed(frail.people["paul"].http.get("/v1/orders"))
    browsed = await frail.people["paul"].http.get("/v1/products")

    print(f"no responder: 503 after {seconds * 1000:.1f} and {seconds_too * 1000:.1f} ms")  # noqa: T201
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

    print(f"no broker: 503 after {', '.join(f'{seconds * 1000:.1f}' for _, seconds in answers)} ms")  # noqa: T201
    assert all(says_try_again(answer) for answer, _ in answers)
    assert max(seconds for _, seconds in answers) < AT_ONCE
    await eventually(lambda: everyone_says("nats", frail, frail.house.layout.names))
    assert {await http_status(frail.house.ports[name], "/livez") for name in frail.house.layout.names} == {200}

    await frail.house.restart("nats")
    order, seconds = await sells_again(frail, body, key)
    print(f"broker back: sells again after {seconds:.2f} s")  # noqa: T201
    assert seconds < HEALED
    await whole(frail)
    assert [one["id"] for one in await orders_called(frail, body["reference"])] == [order["id"]]
    assert await reserved(frail) == before + 2
    await everyone_heard_once(frail, order)


async def everyone_says(trouble: str, shop: Any, names: list[str]) -> None:
    said = await readiness(shop)
    assert all(said[name].get(trouble) for name in names), said


async def sells_again(shop: Any, body: dict[str, Any], key: dict[str, str]) -> tuple[dict[str, Any], float]:
    """Repeat a placement with its key until it is accepted; return the order and how many seconds that took."""
    began = time.monotonic()
    order: dict[str, Any] = await eventually(lambda: placed(shop, body, key), within=30)
    return order, time.monotonic() - began


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
    order, _ = await sells_again(frail, body, key)
    assert order["id"] == str(row["id"])
    assert len(await orders_called(frail, body["reference"])) == 1
    await everyone_heard_once(frail, order)
    await whole(frail)


async def test_a_database_that_dies_and_comes_back_is_waited_for_by_everyone(frail: Any, key: dict[str, str]) -> None:
    body = await order_of(frail)
    keepers = [name for name in frail.house.layout.names if name != "gateway"]
    await frail.house.kill("postgres")

    refused, seconds = await timed(place(frail, body, key))

    print(f"no database: 503 after {seconds * 1000:.1f} ms")  # noqa: T201
    assert says_try_again(refused)
    await eventually(lambda: everyone_says("database", frail, keepers))
    await frail.house.restart("postgres")
    order, seconds = await sells_again(frail, body, key)
    print(f"database back: sells again after {seconds:.2f} s")  # noqa: T201
    assert len(await orders_called(frail, body["reference"])) == 1
    await everyone_heard_once(frail, order)
    await whole(frail)


async def test_a_store_wiped_while_running_loses_and_doubles_nothing(frail: Any, key: dict[str, str]) -> None:
    before = await placed(frail, await order_of(frail), {"Idempotency-Key": str(new_id())})

    await frail.house.wipe_store()

    after, seconds = await sells_again(frail, await order_of(frail), key)
    print(f"store wiped: sells again after {seconds:.2f} s")  # noqa: T201
    await everyone_heard_once(frail, before, after)
    await everything_is_heard(frail)
    await whole(frail)


async def test_ST4_events_heard_late_twice_and_after_a_restart_give_one_commission_and_one_mail(frail: Any) -> None:
    early = await placed(frail, await order_of(frail), {"Idempotency-Key": str(new_id())})
    await everyone_heard_once(frail, early)
    await killed(frail, "agents", "notifications")
    late = [await placed(frail, await order_of(frail), {"Idempotency-Key": str(new_id())}) for _ in range(5)]
    for service in ("agents", "notifications"):
        connection = await asyncpg.connect(frail.house.postgres.url(service, driver="postgresql"))
        await connection.execute("UPDATE cursors SET seq = 0, stream_seq = 0, stream_epoch = ''")
        await connection.close()
    await published_again(frail)

    await restarted(frail, "agents", "notifications")

    await everyone_heard_once(frail, early, *late)
    await everything_is_heard(frail)
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


Answers = list[tuple[str, httpx.Response]]


@asynccontextmanager
async def orders_coming_in(shop: Any) -> AsyncIterator[Answers]:
    """Place orders steadily; yield the references and answers, more and more of them."""
    body, answers, enough = await order_of(shop), Answers(), asyncio.Event()

    async def order_on() -> None:
        while not enough.is_set():
            reference = f"frail-{new_id()}"
            answer = await place(shop, body | {"reference": reference}, {"Idempotency-Key": str(new_id())})
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
        for name in ("orders", "catalog"):
            await more_of(answers)
            said[name] = await stopped_in_order(frail, name)
            await more_of(answers)
            await restarted(frail, name)
        await more_of(answers)

    counts = {name: dict(Counter(readings)) for name, readings in said.items()}
    print(f"stopped under {len(answers)} orders; readiness meanwhile {counts}")  # noqa: T201
    assert Counter(answer.status_code for _, answer in answers) == {201: len(answers)}
    stored = Counter([one["reference"] async for one in frail.people["admin"].every("/v1/orders")])
    assert {stored[reference] for reference, _ in answers} == {1}
    for readings in said.values():
        first_no = next(place for place, status in enumerate(readings) if status != 200)
        assert 200 not in readings[first_no:]


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
    said, began = [], time.monotonic()
    while process.running:
        said.append(await http_status(shop.house.ports[name], "/readyz"))
    print(f"{name} has left after {time.monotonic() - began:.2f} s")  # noqa: T201
    assert process.exit_code in (0, -signal.SIGTERM)  # by itself: uvicorn ends with the signal it heard
    return [*said, None]


@pytest.fixture(autouse=True)
async def put_back(frail: Any) -> AsyncIterator[None]:
    """Put back what a test that failed has left broken."""
    yield
    for name, program in frail.house.programs.items():
        if not program.process.running:
            await frail.house.restart(name, ready=True)


@pytest.fixture(scope="module", autouse=True)
async def nothing_drifted(frail: Any) -> AsyncIterator[None]:
    """See to it that there is enough to sell, and in the end, whatever was broken, that no invariant is."""
    receipt = {"sku": SKU, "quantity": 100_000, "reference": "For rough times"}
    await frail.people["admin"].create("/v1/stock/receipts", str(new_id()), receipt)
    yield
    await everything_is_heard(frail)
    drifts: list[Any] = []
    for service in SERVICES:
        drifts += (await frail.people["admin"].get(f"/v1/operations/{service}/drift"))["drifts"]
    assert drifts == []
