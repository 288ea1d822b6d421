"""A storm of seeded faults, after which everything that was committed has happened exactly once and in order."""

import asyncio
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from devstack.process import Process
from shared.messaging.failures import is_passing
from shared.messaging.tests.stage import LISTENER, SAYER, Said, Stage, note, until
from shared.messaging.work import UnitOfWork

log = logging.getLogger(__name__)
STORM_SECONDS, CALM_SECONDS = 6.0, 40.0
Fault = Callable[[], Awaitable[object]]


async def talk(stage: Stage, chance: random.Random, end: float) -> None:
    """Commit facts until the end; whether one that failed was committed, only the outbox knows."""
    while time.monotonic() < end:
        try:
            await stage.say_together(chance.choice((1, 1, 1, 5, 40)))
        except Exception as error:
            if not is_passing(error):
                raise
        await asyncio.sleep(chance.uniform(0, 0.03))


def faults(stage: Stage, chance: random.Random, replica: Process) -> Sequence[Fault]:
    async def replica_dies() -> None:
        await replica.kill()
        replica.start()

    async def replica_stands_still() -> None:
        (replica.pause if chance.random() < 0.6 else replica.resume)()

    async def broker_dies() -> None:
        await stage.nats.kill()
        await stage.nats.restart()

    async def broker_stands_still() -> None:
        stage.nats.pause()
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        stage.nats.resume()

    async def database_dies() -> None:
        await stage.postgres.kill()
        await stage.postgres.restart()

    async def database_stands_still() -> None:
        stage.postgres.pause()
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        stage.postgres.resume()

    async def events_are_repeated() -> None:
        some = "SELECT seq FROM outbox WHERE seq IS NOT NULL ORDER BY random() LIMIT 5"
        await stage.publish(*(row.seq for row in await stage.rows(stage.sayer, some)))

    return (
        replica_dies,
        replica_stands_still,
        replica_stands_still,
        broker_dies,
        broker_stands_still,
        database_dies,
        database_stands_still,
        events_are_repeated,
        stage.nats.wipe,
        lambda: stage.end_connections(SAYER),
        lambda: stage.end_connections(LISTENER),
        lambda: stage.end_connections(LISTENER),
    )


async def test_a_storm_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    seed = int(os.environ.get("STORM_SEED") or time.time_ns() % 1_000_000)
    log.warning("STORM_SEED=%s brings this storm back", seed)
    chance = random.Random(seed)

    async def moody(event: Said, work: UnitOfWork) -> None:
        await note(event, work)
        if chance.random() < 0.01:
            raise ConnectionResetError("a mood")

    stage.handlers = {Said: [moody]}
    await stage.owner()
    for _ in range(2):
        await stage.relay()
        await stage.pump()
    dangers = faults(stage, chance, stage.replica())
    end = time.monotonic() + STORM_SECONDS
    talking = asyncio.create_task(talk(stage, chance, end))
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        try:
            await chance.choice(dangers)()
        except Exception as error:  # the fault itself met another fault
            log.warning("no fault this time: %r", error)
    await talking
    await stage.say(3)

    async def all_of_it() -> bool:
        committed = await stage.rows(stage.sayer, "SELECT count(*) FROM outbox")
        return await stage.has_heard(committed[0][0])

    await until(all_of_it, within=CALM_SECONDS)
    kept = "SELECT (convert_from(body, 'UTF8')::jsonb->'data'->>'n')::int AS n FROM outbox ORDER BY seq"
    assert await stage.heard() == [row.n for row in await stage.rows(stage.sayer, kept)]
