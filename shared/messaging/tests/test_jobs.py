"""What the job runner promises: every job's effects once, whoever dies on the way."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kernel import clock
from shared.messaging import leases
from shared.messaging.bell import Bell
from shared.messaging.jobs import JobRunner
from shared.messaging.tests.stage import LISTENER, Stage, until
from shared.messaging.wire import SERVICE, request_headers
from shared.messaging.work import Job, UnitOfWork
from shared.testing import answering


class Write(Job, give_up_after=3):
    """Write a line."""

    n: int


class Sweep(Job, every=0.05):
    """Sweep again and again."""


for kind in (Write, Sweep):  # they are this test's own
    del Job.registry[kind.__name__]


async def write(job: Write, work: UnitOfWork) -> None:
    await work.session.execute(text("INSERT INTO heard (n) VALUES (:n)"), {"n": job.n})


def runner(stage: Stage, handlers: dict[type[Job], Any], **options: Any) -> JobRunner:
    made = JobRunner(LISTENER, handlers, stage.sessions(), first_delay=0.02, **options)
    stage.start(made.run())
    stage.start(Bell(LISTENER, stage.dsn(LISTENER), {"jobs": made.nudge}).run())
    return made


async def schedule(stage: Stage, *numbers: int, seconds: float = 0.0) -> None:
    async with AsyncSession(stage.listener) as session:
        work = UnitOfWork(session, LISTENER)
        for n in numbers:
            await work.schedule(Write(n=n), key=str(n), run_after=clock.now() + timedelta(seconds=seconds))
        await session.commit()


async def jobs(stage: Stage, columns: str = "key") -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await stage.rows(stage.listener, f"SELECT {columns} FROM jobs ORDER BY id")]


def are_gone(stage: Stage) -> Callable[[], Any]:
    async def gone() -> bool:
        return await jobs(stage) == []

    return gone


async def test_two_runners_do_each_job_once(stage: Stage) -> None:
    runner(stage, {Write: write})
    runner(stage, {Write: write})

    await asyncio.gather(*(schedule(stage, *range(batch * 15, batch * 15 + 15)) for batch in range(4)))

    await until(are_gone(stage))
    assert sorted(await stage.heard()) == list(range(60))


async def test_a_job_of_the_same_key_is_one_job(stage: Stage) -> None:
    await schedule(stage, 1, 1)
    await schedule(stage, 1)

    assert await jobs(stage) == [("Write:1",)]


async def test_a_job_waits_for_its_time(stage: Stage) -> None:
    runner(stage, {Write: write})
    await schedule(stage, 1, seconds=0.3)
    began = clock.now()

    await until(are_gone(stage))

    assert clock.now() - began >= timedelta(seconds=0.25)


async def test_a_job_that_runs_longer_than_its_lease_runs_once(stage: Stage) -> None:
    runs = 0

    async def slow(job: Write, work: UnitOfWork) -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(1.0)
        await write(job, work)

    for _ in range(2):
        runner(stage, {Write: slow}, lease=timedelta(milliseconds=400))
    await schedule(stage, 1)

    await until(are_gone(stage))
    assert runs == 1
    assert await stage.heard() == [1]


async def test_a_job_of_a_killed_runner_is_taken_over(stage: Stage) -> None:
    await schedule(stage, 1)
    await stage.rows(stage.listener, "UPDATE jobs SET attempts = 1, locked_until = now() + interval '300 ms'")

    runner(stage, {Write: write})

    await until(are_gone(stage))
    assert await stage.heard() == [1]


async def test_a_runner_that_lost_its_job_meanwhile_changes_nothing(stage: Stage) -> None:
    async def robbed(job: Write, work: UnitOfWork) -> None:
        await write(job, work)
        await stage.rows(stage.listener, "UPDATE jobs SET locked_until = now() + interval '1 hour'")

    async def was_robbed() -> bool:
        return await jobs(stage, "locked_until > now() + interval '30 min'") == [(True,)]

    runner(stage, {Write: robbed})
    await schedule(stage, 1)

    await until(was_robbed)
    assert await stage.heard() == []


async def test_a_failing_job_is_repeated_and_at_last_given_up(stage: Stage) -> None:
    async def broken(job: Write, work: UnitOfWork) -> None:
        await write(job, work)
        raise ValueError("no paper")

    async def regret(job: Write, work: UnitOfWork) -> None:
        await work.session.execute(text("INSERT INTO heard (n, handler) VALUES (:n, 'regret')"), {"n": job.n})

    async def given_up() -> bool:
        return await jobs(stage, "attempts, error, failed_at IS NULL") == [(3, "ValueError: no paper", False)]

    runner(stage, {Write: broken}, given_up={Write: regret})
    await schedule(stage, 7)

    await until(given_up)
    assert [tuple(row) for row in await stage.rows(stage.listener, "SELECT n, handler FROM heard")] == [(7, "regret")]


async def test_a_repeating_job_repeats_and_is_never_given_up(stage: Stage) -> None:
    runs = 0

    async def sweep(job: Sweep, work: UnitOfWork) -> None:
        nonlocal runs
        runs += 1
        if runs < 4:
            raise ValueError("the broom is gone")

    for _ in range(2):
        runner(stage, {Sweep: sweep})

    await until(lambda: runs >= 8)

    async def well() -> bool:
        return await jobs(stage, "key, error, failed_at") == [("Sweep:repeating", None, None)]

    await until(well)


async def test_a_job_may_ask_and_touch_nothing_before(stage: Stage) -> None:
    ask = answering(Question="yes")

    async def curious(job: Write, work: UnitOfWork, ask: Any) -> None:
        assert not work.session.in_transaction()
        await write(job, work)
        asked.append((ask, request_headers(work.origin, None, clock.now()).get(SERVICE)))

    asked: list[Any] = []
    runner(stage, {Write: curious}, asking=lambda work: ask)
    await schedule(stage, 1)

    await until(are_gone(stage))
    assert asked == [(ask, LISTENER)]


async def test_jobs_of_a_newer_version_are_left_to_it(stage: Stage) -> None:
    await schedule(stage, 1, 2)
    await stage.rows(stage.listener, "UPDATE jobs SET kind = 'Unheard' WHERE key = 'Write:1'")

    runner(stage, {Write: write})

    async def one_is_left() -> bool:
        return await jobs(stage, "key, attempts") == [("Write:1", 0)]

    await until(one_is_left)


async def test_a_runner_that_must_go_finishes_what_it_has_begun(stage: Stage) -> None:
    begun = asyncio.Event()

    async def slow(job: Write, work: UnitOfWork) -> None:
        begun.set()
        await asyncio.sleep(0.1)
        await write(job, work)

    running = asyncio.create_task(JobRunner(LISTENER, {Write: slow}, stage.sessions()).run())
    await schedule(stage, 1)
    await asyncio.wait_for(begun.wait(), 5)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert await stage.heard() == [1]
    assert await jobs(stage) == []


async def test_no_more_jobs_are_taken_than_asked_for_whatever_the_planner_believes(stage: Stage) -> None:
    await schedule(stage, 0, seconds=-1)
    # autovacuum does so sooner or later: one row is all the planner then knows of
    connection = await asyncpg.connect(stage.postgres.url("postgres", LISTENER, "postgresql"))
    await connection.execute("VACUUM ANALYZE jobs")
    await connection.close()
    await schedule(stage, *range(1, 40), seconds=-1)

    async with AsyncSession(stage.listener) as session:
        taken = await leases.claim(session, ["Write"], 4)
        await session.commit()

    assert len(taken) == 4
