"""What a service answers about its part of the bus, to peers and operators."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.actor import Permission
from shared.contracts.operations import (
    DiscardParked,
    ListParked,
    NotParked,
    NotTheHead,
    ReadStatus,
    Reconcile,
    ReplayEvents,
    RetryParked,
)
from shared.messaging import invariants, operations
from shared.messaging.tests.stage import LISTENER, SAYER, Said, Stage, note, until
from shared.messaging.work import Origin, UnitOfWork
from shared.testing import staff

OPERATOR = Origin(actor=staff(Permission.OPERATE))


def work(session: AsyncSession, service: str = LISTENER) -> UnitOfWork:
    return UnitOfWork(session, service, OPERATOR)


async def with_two_parked(stage: Stage) -> None:
    """Leave event 1 parked and event 2, of the same aggregate, queued behind it."""
    about = uuid4()

    async def refuses_the_first(event: Said, work: UnitOfWork) -> None:
        if event.n == 0:
            raise ValueError("not this one")
        await note(event, work)

    stage.handlers = {Said: [refuses_the_first]}
    await stage.relay()
    pump = await stage.pump()
    await stage.say_together(2, about)
    await until(lambda: pump.status.seq == 2)


async def test_parked_events_are_listed_with_their_error(stage: Stage) -> None:
    await with_two_parked(stage)

    async with AsyncSession(stage.listener) as session:
        listed = await operations.list_parked(ListParked(service=LISTENER), work(session))

    assert [(item.seq, item.error) for item in listed.items] == [(1, "ValueError: not this one"), (2, None)]
    assert listed.items[0].handler == "refuses_the_first"
    assert '"n":0' in listed.items[0].body


async def test_a_discarded_event_lets_those_behind_it_pass_and_is_on_record(stage: Stage) -> None:
    await with_two_parked(stage)
    discard = DiscardParked(service=LISTENER, producer=SAYER, seq=1, handler="refuses_the_first", reason="a test order")

    async with AsyncSession(stage.listener) as session:
        with pytest.raises(NotTheHead):
            await operations.discard_parked(discard.model_copy(update={"seq": 2}), work(session))
        with pytest.raises(NotParked):
            await operations.discard_parked(discard.model_copy(update={"seq": 3}), work(session))
        await operations.discard_parked(discard, work(session))
        await session.commit()
    stage.retries()

    async def heard() -> bool:
        return await stage.heard() == [1]

    await until(heard)
    (act,) = await stage.rows(stage.listener, "SELECT act, subject, reason, actor->>'type' AS who FROM operator_acts")
    assert tuple(act) == ("discard", "orders-1 for refuses_the_first", "a test order", "staff")


async def test_a_retried_event_begins_its_tries_anew(stage: Stage) -> None:
    await with_two_parked(stage)
    await stage.rows(stage.listener, "UPDATE parked_events SET attempts = 5, next_try = NULL")
    again = RetryParked(service=LISTENER, producer=SAYER, seq=1, handler="refuses_the_first", reason="mended")

    async with AsyncSession(stage.listener) as session:
        await operations.retry_parked(again, work(session))
        await session.commit()

    first = "SELECT attempts, next_try <= now() AS due FROM parked_events WHERE seq = 1"
    (row,) = await stage.rows(stage.listener, first)
    assert tuple(row) == (0, True)


async def test_a_replay_gives_what_fits_into_one_reply(stage: Stage) -> None:
    await stage.say(6)
    await stage.number()
    await stage.rows(stage.sayer, "UPDATE outbox SET body = convert_to(repeat('a', 250000), 'UTF8') WHERE seq > 2")

    async def replay(from_seq: int, limit: int = 200) -> list[int]:
        async with AsyncSession(stage.sayer) as session:
            request = ReplayEvents(service=SAYER, from_seq=from_seq, limit=limit)
            page = await operations.replay_events(request, work(session, SAYER))
        assert page.last_seq == 6
        return [event.seq for event in page.events]

    assert await replay(1) == [1, 2, 3]
    assert await replay(4) == [4]
    assert await replay(1, limit=2) == [1, 2]
    assert await replay(7) == []


async def test_status_says_how_far_everything_is(stage: Stage) -> None:
    await with_two_parked(stage)

    async with AsyncSession(stage.listener) as session:
        status = await operations.read_status(ReadStatus(service=LISTENER), work(session))
    async with AsyncSession(stage.sayer) as session:
        told = await operations.read_status(ReadStatus(service=SAYER), work(session, SAYER))

    assert status.parked == 2
    assert [(cursor.producer, cursor.seq, cursor.lag) for cursor in status.cursors] == [(SAYER, 2, 0)]
    assert told.relay.last_seq == 2
    assert told.relay.oldest_unsent_seconds < 5


async def the_books_balance(session: AsyncSession) -> Sequence[str]:
    return ["account 7 is off by 0.01"]


async def test_reconciling_names_every_drift(stage: Stage) -> None:
    await with_two_parked(stage)
    invariants.keep(LISTENER, (the_books_balance,))

    async with AsyncSession(stage.listener) as session:
        found = await operations.reconcile(Reconcile(service=LISTENER), work(session))

    invariants.keep(LISTENER, ())
    assert {drift.check for drift in found.drifts} == {"nothing_is_parked", "the_books_balance"}
    assert "outbox_has_no_hole" in found.checks


async def test_holes_and_waiting_events_are_drifts(stage: Stage) -> None:
    await stage.say(4)
    await stage.number()
    await stage.rows(stage.sayer, "DELETE FROM outbox WHERE seq = 2")
    await stage.rows(stage.sayer, "UPDATE outbox SET created_at = now() - interval '1 min'")

    found = await invariants.reconciled(lambda: AsyncSession(stage.sayer), SAYER)  # type: ignore[arg-type]

    assert [drift.detail for drift in found.drifts] == [
        "events 1 to 4 are 3 rows",
        "an event has waited for 60 s to be published",
    ]
