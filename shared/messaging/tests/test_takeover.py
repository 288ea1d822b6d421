"""A leader that freezes is replaced, and does no harm when it wakes up."""

import asyncio

from shared.messaging.tests.stage import Stage, until


async def test_frozen_leaders_are_replaced_and_their_late_work_changes_nothing(stage: Stage) -> None:
    replica = stage.replica(slow=True)
    await stage.say(3)
    await stage.all_is_heard(within=30)

    await stage.say_together(60)
    await until(lambda: stage.has_heard(6))  # it is in the middle of them
    replica.pause()
    relay, pump = await stage.relay(), await stage.pump()
    began = asyncio.get_running_loop().time()
    await until(lambda: relay.status.leading and pump.status.leading, within=20)
    took = asyncio.get_running_loop().time() - began
    await stage.say(5)
    await stage.all_is_heard()

    replica.resume()
    await stage.say(20)
    await stage.all_is_heard()
    assert relay.status.leading
    assert pump.status.leading
    assert took < 8  # five seconds on a machine that has nothing else to do
