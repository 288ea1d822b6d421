"""What happens to an event that a handler refuses."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging.tests.ground import late_trigger
from shared.messaging.tests.stage import Said, Stage, note, until
from shared.messaging.work import UnitOfWork


async def parked(stage: Stage) -> list[tuple[Any, ...]]:
    rows = await stage.rows(stage.listener, "SELECT seq, handler, error IS NULL FROM parked_events ORDER BY 1, 2")
    return [tuple(row) for row in rows]


async def numbers(stage: Stage, which: str, **values: Any) -> list[int]:
    rows = await stage.rows(stage.listener, f"SELECT n FROM heard WHERE {which} ORDER BY id", **values)
    return [row.n for row in rows]


async def test_a_poisoned_event_holds_up_only_its_aggregate_and_only_its_handler(stage: Stage) -> None:
    poisoned, healthy = uuid4(), uuid4()
    sick = True

    async def fragile(event: Said, work: UnitOfWork) -> None:
        if event.id == poisoned and sick:
            await work.session.execute(text("SELECT 1 / 0"))
        await note(event, work)

    async def sturdy(event: Said, work: UnitOfWork) -> None:
        insert = text("INSERT INTO heard (n, said_by, handler) VALUES (:n, :id, 'sturdy')")
        await work.session.execute(insert, {"n": event.n, "id": event.id})

    stage.handlers = {Said: [fragile, sturdy]}
    await stage.relay()
    pump = await stage.pump()
    retries = stage.retries()
    for about in (healthy, poisoned, healthy, poisoned, healthy):
        await stage.say(1, about)

    await until(lambda: pump.status.seq == 5)
    assert await parked(stage) == [(2, "fragile", False), (4, "fragile", True)]
    assert await numbers(stage, "handler IS NULL") == [0, 2, 4]
    assert await numbers(stage, "handler = 'sturdy'") == [0, 1, 2, 3, 4]

    sick = False
    await stage.rows(stage.listener, "UPDATE parked_events SET next_try = clock_timestamp() WHERE seq = 2")
    retries.nudge()

    async def none_parked() -> bool:
        return await parked(stage) == []

    await until(none_parked)
    await stage.say(1, poisoned)
    await until(lambda: pump.status.seq == 6)
    assert await numbers(stage, "handler IS NULL AND said_by = :id", id=poisoned) == [1, 3, 5]


async def test_a_poisoned_event_is_tried_five_times_more_and_then_waits(stage: Stage) -> None:
    tries = 0

    async def hopeless(event: Said, work: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("never")

    stage.handlers = {Said: [hopeless]}
    await stage.relay()
    pump = await stage.pump()
    await stage.say(1)
    await until(lambda: pump.status.seq == 1)
    retries = stage.retries()

    async def given_up() -> bool:
        await stage.rows(stage.listener, "UPDATE parked_events SET next_try = now() WHERE next_try IS NOT NULL")
        retries.nudge()
        rows = await stage.rows(stage.listener, "SELECT attempts, next_try, error FROM parked_events")
        return [tuple(row) for row in rows] == [(5, None, "ValueError: never")]

    await until(given_up)
    assert tries == 3 + 5  # in its batch, twice alone, five times in the background


async def test_bytes_that_make_no_sense_are_parked(stage: Stage) -> None:
    await stage.say(3)
    await stage.number()
    await stage.rows(stage.sayer, "UPDATE outbox SET body = '{\"id\":' WHERE seq = 2")
    await stage.publish(1, 2, 3)

    pump = await stage.pump()

    await until(lambda: pump.status.seq == 3)
    assert await stage.heard() == [0, 2]
    assert await parked(stage) == [(2, "note", False)]


async def test_a_constraint_that_speaks_up_at_commit_parks_its_own_event(
    stage: Stage, owners: Sequence[AsyncEngine]
) -> None:
    refuse = "IF NEW.n = 1 THEN RAISE 'refused' USING ERRCODE = '23514'; END IF;"
    late = "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON heard DEFERRABLE INITIALLY DEFERRED"
    async with late_trigger(owners[1], late, refuse):
        await stage.relay()
        pump = await stage.pump()
        await stage.say_together(3)

        await until(lambda: pump.status.seq == 3)
        assert await stage.heard() == [0, 2]
        assert await parked(stage) == [(2, "note", False)]
