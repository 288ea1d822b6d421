"""The outbox itself: what it keeps, for how long, and what it refuses."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.messaging.connections import connect
from shared.messaging.outbox import PRUNE_INBOX, PRUNE_OUTBOX, PRUNED_AT_ONCE, Outbox
from shared.messaging.tests.stage import SAYER, Said, Stage
from shared.messaging.work import UnitOfWork

MANY = 4 * PRUNED_AT_ONCE
# Evenly over the thirty days that began so many days ago.
AT = f"now() - make_interval(days => :days) + n * interval '30 days' / {MANY}"
MANY_EVENTS = f"""
    INSERT INTO outbox (event_id, subject, aggregate_id, aggregate_version, body, seq, created_at)
    SELECT gen_random_uuid(), 'events.orders.test_said.v1', gen_random_uuid(), 1, 'x', n, {AT}
    FROM generate_series(1, {MANY}) AS n
"""
MANY_ANSWERS = f"""
    INSERT INTO inbox SELECT sha256(n::text::bytea), 'd', 'r', {AT} FROM generate_series(1, {MANY}) AS n
"""


async def test_old_rows_are_pruned_once_they_are_published(stage: Stage) -> None:
    await stage.relay()
    await stage.pump()
    await stage.say(3)
    await stage.all_is_heard()
    old = "clock_timestamp() - interval '31 days'"
    await stage.rows(stage.sayer, f"UPDATE outbox SET created_at = {old} WHERE seq < 3")
    await stage.rows(stage.sayer, f"INSERT INTO inbox VALUES ('a', 'b', 'c', {old}), ('d', 'e', 'f', now())")

    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    assert not await Outbox(connection).prune(published=3)
    await connection.close()

    assert await stage.rows(stage.sayer, "SELECT seq FROM outbox") == [(3,)]
    assert await stage.rows(stage.sayer, "SELECT key FROM inbox") == [(b"d",)]
    await stage.nats.wipe()
    await stage.say(1)
    await stage.all_is_heard()


async def test_what_is_old_but_unpublished_is_kept(stage: Stage) -> None:
    await stage.say(4)
    await stage.number()
    await stage.rows(stage.sayer, "UPDATE outbox SET created_at = now() - interval '31 days'")
    await stage.rows(stage.sayer, "UPDATE outbox SET seq = NULL WHERE seq = 4")

    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    await Outbox(connection).prune(published=2)
    await connection.close()

    assert await stage.rows(stage.sayer, "SELECT seq FROM outbox ORDER BY seq") == [(3,), (None,)]


async def test_a_young_event_keeps_those_numbered_after_it(stage: Stage) -> None:
    """A transaction that took long commits rows older than the numbers they get."""
    await stage.say(4)
    await stage.number()
    await stage.rows(stage.sayer, "UPDATE outbox SET created_at = now() - interval '31 days' WHERE seq <> 2")

    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    await Outbox(connection).prune(published=4)
    await connection.close()

    assert await stage.rows(stage.sayer, "SELECT seq FROM outbox ORDER BY seq") == [(2,), (3,), (4,)]


@pytest.mark.parametrize("days", [0, 45, 70], ids=["nothing old", "some old", "all old"])
async def test_pruning_reads_no_more_than_it_may_delete(stage: Stage, owners: Sequence[AsyncEngine], days: int) -> None:
    """However full the tables are: a relay prunes every ten minutes, and mostly there is little to do."""
    await stage.rows(stage.sayer, MANY_EVENTS, days=days)
    await stage.rows(stage.sayer, MANY_ANSWERS, days=days)
    for owner in owners:
        async with owner.connect() as connection:
            await connection.execute(text("ANALYZE outbox, inbox"))
            await connection.commit()
    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    for statement in (PRUNE_OUTBOX.replace("$1", str(MANY)), PRUNE_INBOX):
        plan = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"))[0]["Plan"]

        assert max(looked_at(node) for node in nodes(plan)) <= PRUNED_AT_ONCE
    await connection.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def looked_at(node: dict[str, Any]) -> float:
    """Return how many rows a step of a plan has read."""
    return float(node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)))


async def test_a_backlog_of_old_rows_is_pruned_batch_by_batch(stage: Stage) -> None:
    await stage.rows(stage.sayer, MANY_EVENTS, days=70)
    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    outbox = Outbox(connection)

    assert await outbox.prune(published=MANY)
    assert await stage.rows(stage.sayer, "SELECT min(seq), count(*) FROM outbox") == [
        (PRUNED_AT_ONCE + 1, MANY - PRUNED_AT_ONCE)
    ]
    while await outbox.prune(published=MANY):
        pass  # each batch is a transaction of its own
    assert await stage.rows(stage.sayer, "SELECT count(*) FROM outbox") == [(0,)]
    await connection.close()


async def test_an_event_too_big_for_the_broker_is_refused_before_it_is_committed(stage: Stage) -> None:
    async with AsyncSession(stage.sayer) as session:
        work = UnitOfWork(session, SAYER)
        work.origin.__dict__["correlation_id"] = "x" * 700_000
        work.emit(Said(id=uuid4(), version=1, n=1))
        with pytest.raises(Exception, match="body_size"):
            await session.flush()


async def test_a_stream_whose_every_event_grew_too_old_is_gone_on_with(stage: Stage) -> None:
    await stage.say(4)
    await stage.number()
    connection = await connect(stage.dsn(SAYER), "a relay")
    outbox = Outbox(connection)

    await stage.rows(stage.sayer, "UPDATE outbox SET created_at = now() - interval '20 days' WHERE seq <= 3")
    assert await outbox.before_younger_than(days=14) == 3
    await stage.rows(stage.sayer, "UPDATE outbox SET created_at = now() - interval '20 days'")
    assert await outbox.before_younger_than(days=14) == 4
    await connection.close()
