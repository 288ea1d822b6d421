"""What the relay promises: all that was committed, in order, without gaps, once in the stream, whatever breaks."""

import asyncio
import random
import shutil

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.connections import connect
from shared.messaging.jetstream import JetStreamError, call, stored, stream_state
from shared.messaging.outbox import BEGIN_STATE, Outbox
from shared.messaging.publishing import Duplicate, publish
from shared.messaging.tests.stage import SAYER, Said, Stage, until
from shared.messaging.topology import configuration, ensure_stream, stream_name
from shared.messaging.work import UnitOfWork

STREAM = stream_name(SAYER)


async def test_what_was_committed_before_a_crash_is_published_after_it(stage: Stage) -> None:
    await stage.say(3)
    connection = await connect(stage.dsn(SAYER), "a relay that crashes")
    await connection.execute(BEGIN_STATE)
    assert [unsent.seq for unsent in await Outbox(connection).number(published=0)] == [1, 2, 3]
    await connection.close()
    await stage.say(2)

    await stage.relay()
    await stage.pump()

    await stage.all_is_heard()


async def test_a_receipt_that_was_lost_doubles_nothing(stage: Stage) -> None:
    await stage.say(5)
    connection, client = await connect(stage.dsn(SAYER), "a relay that crashes"), await stage.client(SAYER)
    await connection.execute(BEGIN_STATE)
    await ensure_stream(client, SAYER)
    await publish(client, SAYER, await Outbox(connection).number(published=0), 0)
    await connection.close()

    relay = await stage.relay()
    await stage.say(1)

    await until(lambda: relay.status.published_seq == 6)
    assert (await stream_state(client, STREAM)).messages == 6


async def test_each_event_carries_its_number_and_the_bytes_of_the_outbox(stage: Stage) -> None:
    relay, client = await stage.relay(), await stage.client(SAYER)
    await stage.say(1)
    await stage.say_together(3)
    await until(lambda: relay.status.published_seq == 4)

    kept = await stage.rows(stage.sayer, "SELECT seq, body FROM outbox ORDER BY seq")

    for seq, body in kept:
        message = await stored(client, STREAM, seq)
        assert message is not None
        assert (message.seq, message.body) == (seq, body)


async def test_writers_at_once_and_rollbacks_leave_no_gap_and_each_aggregate_in_order(stage: Stage) -> None:
    relay = await stage.relay()
    chance = random.Random(7)
    aggregates = "INSERT INTO heard (n, said_by) SELECT 0, gen_random_uuid() FROM generate_series(1, 3)"
    await stage.rows(stage.sayer, aggregates)

    async def write() -> None:
        for _ in range(20):
            async with AsyncSession(stage.sayer) as session:
                locked = text("UPDATE heard SET n = n + 1 WHERE id = :id RETURNING said_by, n")
                aggregate, version = (await session.execute(locked, {"id": chance.randint(1, 3)})).one()
                UnitOfWork(session, SAYER).emit(Said(id=aggregate, version=version, n=version))
                await session.flush()
                await asyncio.sleep(chance.uniform(0, 0.003))  # commits overtake one another
                await (session.rollback() if chance.random() < 0.2 else session.commit())

    await asyncio.gather(*(write() for _ in range(6)))
    rows = await stage.rows(stage.sayer, "SELECT count(*) FROM outbox")
    await until(lambda: relay.status.published_seq == rows[0][0])

    numbered = await stage.rows(stage.sayer, "SELECT seq, aggregate_id, aggregate_version FROM outbox ORDER BY seq")
    assert [seq for seq, _, _ in numbered] == list(range(1, len(numbered) + 1))
    for aggregate in {aggregate for _, aggregate, _ in numbered}:
        versions = [version for _, other, version in numbered if other == aggregate]
        assert versions == list(range(1, len(versions) + 1))


async def test_a_relay_with_a_false_idea_of_the_stream_changes_nothing(stage: Stage) -> None:
    relay, client = await stage.relay(), await stage.client(SAYER)
    await stage.say_together(4)
    await until(lambda: relay.status.published_seq == 4)
    connection = await connect(stage.dsn(SAYER), "a zombie")
    late = await Outbox(connection).unsent(published=2)
    await connection.close()

    for batch in (late, late[:1]):
        with pytest.raises(JetStreamError):
            await publish(client, SAYER, batch, 2)

    assert (await stream_state(client, STREAM)).messages == 4


async def test_a_wiped_broker_gets_everything_again(stage: Stage) -> None:
    relay = await stage.relay()
    await stage.pump()
    await stage.say_together(250)
    await stage.all_is_heard()

    await stage.nats.wipe()
    await stage.say(5)

    await stage.all_is_heard()
    assert relay.status.stream_seq == 255


async def test_a_deleted_stream_is_made_again(stage: Stage) -> None:
    await stage.relay()
    await stage.pump()
    await stage.say(5)
    await stage.all_is_heard()

    await stage.nats.kill()
    for folder in stage.nats.store.rglob(f"streams/{STREAM}"):
        shutil.rmtree(folder)
    await stage.nats.restart()
    await stage.say(5)

    await stage.all_is_heard()


async def test_a_restored_database_stops_the_relay_with_a_sentence(stage: Stage) -> None:
    relay, client = await stage.relay(), await stage.client(SAYER)
    await stage.say(5)
    await until(lambda: relay.status.published_seq == 5)

    await stage.rows(stage.sayer, "DELETE FROM outbox WHERE seq > 3")
    await stage.rows(stage.sayer, "UPDATE relay_state SET last_seq = 3")
    await stage.end_connections(SAYER)
    await stage.say(1)

    await until(lambda: "restored from a backup" in (relay.status.trouble or ""))
    assert (await stream_state(client, STREAM)).messages == 5


async def test_a_database_with_another_history_stops_the_relay(stage: Stage) -> None:
    relay = await stage.relay()
    await stage.say(2)
    await until(lambda: relay.status.published_seq == 2)

    await stage.rows(stage.sayer, "UPDATE outbox SET body = 'another' WHERE seq = 2")
    await stage.end_connections(SAYER)

    await until(lambda: "restored from a backup" in (relay.status.trouble or ""))


async def test_a_stream_configured_otherwise_is_refused_with_a_sentence(stage: Stage) -> None:
    otherwise = {**configuration(SAYER), "max_bytes": 1_000_000}
    await call(await stage.client(SAYER), f"STREAM.CREATE.{STREAM}", otherwise)

    relay = await stage.relay()

    await until(lambda: "max_bytes = 1000000 where the contracts imply" in (relay.status.trouble or ""))


async def test_a_message_no_relay_wrote_stops_nobody(stage: Stage) -> None:
    relay, client = await stage.relay(), await stage.client(SAYER)
    await stage.pump()
    await stage.say(2)
    await stage.all_is_heard()

    await client.request(f"events.{SAYER}.intruder.v1", b"{}", timeout=2)
    await stage.say(2)

    await stage.all_is_heard()
    assert relay.status.stream_seq == 5


async def test_old_events_that_somebody_repeated_stop_nobody(stage: Stage) -> None:
    relay = await stage.relay()
    await stage.pump()
    await stage.say_together(20)
    await stage.all_is_heard()

    await stage.publish(3, 7, 5)
    await stage.say_together(2)
    await stage.all_is_heard()
    assert relay.status.stream_seq == 25
    await stage.publish(4, 4)
    await stage.end_connections(SAYER)
    await stage.say(1)

    await stage.all_is_heard()
    assert relay.status.stream_seq == 28


async def test_what_the_broker_lost_yet_remembers_is_published_again(stage: Stage) -> None:
    await stage.say(2)
    connection, client = await connect(stage.dsn(SAYER), "a relay"), await stage.client(SAYER)
    await connection.execute(BEGIN_STATE)
    await ensure_stream(client, SAYER)
    await publish(client, SAYER, await Outbox(connection).number(published=0), 0)
    unsent = await Outbox(connection).unsent(0)
    await connection.close()

    for batch in (unsent, unsent[:1]):
        with pytest.raises(Duplicate):
            await publish(client, SAYER, batch, 2)
    assert await publish(client, SAYER, unsent, 2, again=True) == 4
