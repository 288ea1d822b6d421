"""Without the broker, without the database: it waits, and goes on by itself."""

from shared.messaging.tests.stage import LISTENER, SAYER, Stage, until


async def test_without_the_broker_facts_are_kept_and_leave_once_it_is_back(stage: Stage) -> None:
    relay, pump = await stage.relay(), await stage.pump()
    await stage.say(2)
    await stage.all_is_heard()

    await stage.nats.kill()
    await stage.say(5)
    await until(lambda: relay.status.trouble is not None and pump.status.trouble is not None)
    await stage.nats.restart()

    await stage.all_is_heard()
    await until(lambda: relay.status.trouble is None and pump.status.trouble is None)


async def test_a_broker_that_stands_still_is_waited_for(stage: Stage) -> None:
    relay, _ = await stage.relay(), await stage.pump()
    await stage.say(2)
    await stage.all_is_heard()

    stage.nats.pause()
    await stage.say(2)
    await until(lambda: relay.status.trouble is not None)
    stage.nats.resume()

    await stage.all_is_heard()


async def test_without_its_database_nobody_gives_up(stage: Stage) -> None:
    relay, pump = await stage.relay(), await stage.pump()
    await stage.say(2)
    await stage.all_is_heard()

    await stage.postgres.kill()
    await until(lambda: relay.status.trouble is not None and pump.status.trouble is not None)
    await stage.postgres.restart()
    await stage.say(3)

    await stage.all_is_heard(within=20)
    assert relay.status.trouble is None
    assert pump.status.trouble is None


async def test_lost_connections_lose_nothing_and_double_nothing(stage: Stage) -> None:
    await stage.relay()
    await stage.pump()
    for _ in range(4):
        await stage.say_together(40)
        await stage.end_connections(SAYER)
        await stage.end_connections(LISTENER)

    await stage.all_is_heard()
