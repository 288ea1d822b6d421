"""The outbox itself: what it keeps, for how long, and what it refuses."""

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.connections import connect
from shared.messaging.outbox import Outbox
from shared.messaging.tests.stage import SAYER, Said, Stage
from shared.messaging.work import UnitOfWork


async def test_old_rows_are_pruned_once_they_are_published(stage: Stage) -> None:
    await stage.relay()
    await stage.pump()
    await stage.say(3)
    await stage.all_is_heard()
    old = "clock_timestamp() - interval '31 days'"
    await stage.rows(stage.sayer, f"UPDATE outbox SET created_at = {old} WHERE seq < 3")
    await stage.rows(stage.sayer, f"INSERT INTO inbox VALUES ('a', 'b', 'c', {old}), ('d', 'e', 'f', now())")

    connection = await connect(stage.dsn(SAYER), "a relay that prunes")
    await Outbox(connection).prune(published=3)
    await connection.close()

    assert await stage.rows(stage.sayer, "SELECT seq FROM outbox") == [(3,)]
    assert await stage.rows(stage.sayer, "SELECT key FROM inbox") == [(b"d",)]
    await stage.nats.wipe()
    await stage.say(1)
    await stage.all_is_heard()


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
