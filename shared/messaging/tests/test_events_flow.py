"""Events flow from the producer's commit to the listener's effects, once and in order."""

from shared.messaging.tests.stage import Stage, until


async def test_what_is_said_is_heard_once_and_in_order(stage: Stage) -> None:
    relay, pump = await stage.relay(), await stage.pump()

    await stage.say(10)
    await stage.say_together(450)

    await stage.all_is_heard()
    assert relay.status.published_seq == 460
    await until(lambda: pump.status.seq == 460)
    assert relay.status.trouble is None
    assert pump.status.trouble is None
