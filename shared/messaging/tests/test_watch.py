"""The watch when a check fails: what is too slow is said, what is away is tried again in its turn."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging import invariants, watch
from shared.messaging.failures import is_cut_short, is_passing
from shared.messaging.tests.stage import LISTENER, Stage, until


async def the_slow_sum_is_right(session: AsyncSession) -> Sequence[str]:
    await session.execute(text("SET LOCAL statement_timeout = 5"))
    await session.execute(text("SELECT pg_sleep(10)"))
    return []


async def the_server_is_there(session: AsyncSession) -> Sequence[str]:
    await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return []


async def the_books_balance(session: AsyncSession) -> Sequence[str]:
    return [f"account {n} is off" for n in (await session.scalars(text("SELECT generate_series(7, 8)"))).all()]


def drift(check: str) -> float | None:
    return REGISTRY.get_sample_value("courtier_drift", {"service": LISTENER, "check": check})


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    invariants.keep(LISTENER, ())


async def test_a_check_too_slow_for_its_time_is_said_and_hides_none_behind_it(stage: Stage) -> None:
    invariants.keep(LISTENER, (the_slow_sum_is_right, the_books_balance))

    found = await invariants.reconciled(stage.sessions(), LISTENER)

    slow, *behind = found.drifts
    assert slow.check == "the_slow_sum_is_right"
    assert slow.detail.startswith("it cannot be checked: ")
    assert "statement timeout" in slow.detail
    assert [drifted.detail for drifted in behind] == ["account 7 is off", "account 8 is off"]
    assert (drift("the_slow_sum_is_right"), drift("the_books_balance")) == (1, 2)


async def test_a_server_that_goes_away_is_no_drift(stage: Stage) -> None:
    invariants.keep(LISTENER, (the_server_is_there,))

    with pytest.raises(DBAPIError) as raised:
        await invariants.reconciled(stage.sessions(), LISTENER)

    assert is_passing(raised.value)
    assert not is_cut_short(raised.value)
    assert drift("the_server_is_there") is None


async def test_what_failed_is_tried_again_after_a_minute_and_not_at_every_round(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, rounds, tries = 0.0, 0, 0

    async def the_server_answers(session: AsyncSession) -> Any:
        nonlocal tries
        tries += 1
        raise ConnectionError

    def leads() -> bool:
        nonlocal rounds
        rounds += 1
        return True

    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(watch, "GAUGES_SECONDS", 0.001)
    invariants.keep(LISTENER, (the_server_answers,))
    stage.start(watch.Watch(LISTENER, stage.sessions(), leads).run())

    for minutes in (1, 2):
        await until(lambda: rounds > 0)  # it has looked at the clock
        now = 60.0 * minutes
        await until(lambda minutes=minutes: tries == minutes)  # type: ignore[misc]
        later = rounds + 5
        await until(lambda later=later: rounds > later)  # type: ignore[misc]
        assert tries == minutes
