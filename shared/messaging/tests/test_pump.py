"""What the pump promises: every event's effects once and in order, whatever the stream holds."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.contracts.actor import ActorType
from shared.messaging.pump import Pump
from shared.messaging.tests.ground import late_trigger
from shared.messaging.tests.stage import LISTENER, SAYER, Mumbled, Said, Stage, note, until
from shared.messaging.work import UnitOfWork


async def parked(stage: Stage) -> list[tuple[Any, ...]]:
    rows = await stage.rows(stage.listener, "SELECT seq, handler, error IS NULL FROM parked_events ORDER BY 1, 2")
    return [tuple(row) for row in rows]


async def test_events_published_twice_are_applied_once(stage: Stage) -> None:
    await stage.say(4)
    await stage.number()
    await stage.publish(1, 2, 2, 1, 3, 3, 2, 4)

    await stage.pump()

    await stage.all_is_heard()


async def test_events_out_of_order_are_applied_in_order(stage: Stage) -> None:
    await stage.say(6)
    await stage.number()
    await stage.publish(1, 4, 3, 2, 6, 5)
    await stage.owner()

    await stage.pump()

    await stage.all_is_heard()


async def test_what_the_stream_never_had_is_asked_of_the_owner(stage: Stage) -> None:
    await stage.say_together(450)
    await stage.number()
    await stage.publish(449, 450)
    pump = await stage.pump()
    await until(lambda: pump.status.trouble is not None)  # the owner is not there yet

    await stage.owner()

    await stage.all_is_heard()
    await until(lambda: pump.status.trouble is None)


async def test_what_the_owner_does_not_have_any_more_is_said_and_nothing_is_skipped(stage: Stage) -> None:
    await stage.say(5)
    await stage.number()
    await stage.rows(stage.sayer, "DELETE FROM outbox WHERE seq < 3")
    await stage.publish(3, 4, 5)
    await stage.owner()

    pump = await stage.pump()

    await until(lambda: "does not have event 1" in (pump.status.trouble or ""))
    assert await stage.heard() == []


async def test_events_nobody_handles_move_the_cursor(stage: Stage) -> None:
    await stage.relay()
    pump = await stage.pump()
    async with AsyncSession(stage.sayer) as session:
        for _ in range(3):
            UnitOfWork(session, SAYER).emit(Mumbled(id=uuid4()))
        await session.commit()

    await until(lambda: pump.status.seq == 3)

    async def written() -> bool:
        return await stage.rows(stage.listener, "SELECT seq, head_seq FROM cursors") == [(3, 3)]

    await until(written)
    await stage.say(1)
    await stage.all_is_heard()


async def test_work_of_an_event_continues_its_story(stage: Stage) -> None:
    works: list[UnitOfWork] = []

    async def remember(event: Said, work: UnitOfWork) -> None:
        works.append(work)
        await note(event, work)

    stage.handlers = {Said: [remember]}
    await stage.relay()
    await stage.pump()
    await stage.say(1)
    await stage.all_is_heard()

    (event_id, body), *_ = await stage.rows(stage.sayer, "SELECT event_id, body FROM outbox")
    assert works[0].origin.causation_id == str(event_id)
    assert works[0].origin.correlation_id.encode() in body
    assert works[0].actor.type is ActorType.VISITOR
    assert works[0].service == LISTENER


async def test_a_deadlock_is_no_fault_of_the_event(stage: Stage) -> None:
    unlucky = 4

    async def meets_others(event: Said, work: UnitOfWork) -> None:
        nonlocal unlucky
        await note(event, work)
        if event.n == 1 and unlucky:
            unlucky -= 1
            await work.session.execute(text("DO $$ BEGIN RAISE 'deadlock' USING ERRCODE = '40P01'; END $$"))

    stage.handlers = {Said: [meets_others]}
    await stage.relay()
    pump = await stage.pump()
    await stage.say_together(3)

    await stage.all_is_heard()
    assert await parked(stage) == []
    assert pump.status.leading


async def test_effects_and_cursor_stand_or_fall_together(stage: Stage, owners: Sequence[AsyncEngine]) -> None:
    unlucky = "IF nextval('tries') < 5 THEN RAISE 'not now' USING ERRCODE = '40001'; END IF;"
    async with late_trigger(owners[1], "CREATE TRIGGER late AFTER UPDATE OF updated_at ON cursors", unlucky):
        await stage.relay()
        await stage.pump()
        await stage.say(3)

        await stage.all_is_heard()


async def test_a_cursor_moved_by_hand_is_respected(stage: Stage) -> None:
    await stage.relay()
    pump = await stage.pump()
    await stage.say(3)
    await stage.all_is_heard()

    await stage.rows(stage.listener, "UPDATE cursors SET seq = 1")  # an operator lets two events be applied again
    await stage.say(1)

    await until(lambda: pump.status.seq == 4)
    assert await stage.heard() == [0, 1, 2, 1, 2, 3]


async def test_what_a_handler_emits_wakes_the_relay(stage: Stage) -> None:
    woken = 0

    def wake() -> None:
        nonlocal woken
        woken += 1

    async def passes_on(event: Said, work: UnitOfWork) -> None:
        work.service = SAYER  # the listener's own events are not what this is about
        work.emit(Mumbled(id=event.id))
        await note(event, work)

    stage.handlers = {Said: [passes_on]}
    await stage.relay()
    await stage.pump(emitted=wake)
    await stage.say(1)

    await stage.all_is_heard()
    await until(lambda: woken == 1)
    assert len(await stage.rows(stage.listener, "SELECT id FROM outbox")) == 1


async def test_a_pump_that_must_go_finishes_the_batch_in_hand(stage: Stage) -> None:
    begun = asyncio.Event()

    async def slow(event: Said, work: UnitOfWork) -> None:
        begun.set()
        await asyncio.sleep(0.1)
        await note(event, work)

    stage.handlers = {Said: [slow]}
    relay = await stage.relay()
    await stage.say_together(3)
    await until(lambda: relay.status.published_seq == 3)
    client = await stage.client(LISTENER)
    running = asyncio.create_task(Pump(LISTENER, SAYER, stage.handlers, stage.sessions(), client).run())
    await asyncio.wait_for(begun.wait(), 5)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert await stage.heard() == [0]
    assert await stage.rows(stage.listener, "SELECT seq FROM cursors") == [(1,)]
