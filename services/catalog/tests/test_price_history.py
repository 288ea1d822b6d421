"""The lowest price of the 30 days before a reduction (rules 3.1)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.price_history import WINDOW, in_market, prior

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
O1 = ((6, 1, 100), (9, 1, 90), (9, 11, 100), (9, 20, 80), (9, 25, 70))


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def history(*steps: tuple[int, int, float]) -> list[tuple[datetime, Decimal]]:
    return [(on(month, day), Decimal(str(amount))) for month, day, amount in steps]


@pytest.mark.parametrize(
    ("now", "expected"), [(on(9, 20), "90"), (on(9, 24), "90"), (on(9, 25), "90"), (on(12, 1), "90")]
)
def test_o1_the_lowest_of_30_days_before_the_first_of_consecutive_reductions(now: datetime, expected: str) -> None:
    assert prior(history(*O1), now) == Decimal(expected)


@pytest.mark.parametrize(
    ("now", "expected"), [(on(9, 1), "100"), (on(9, 10), "100"), (on(9, 11), None), (on(8, 31), None)]
)
def test_what_is_no_reduction_has_no_lower_price_before_it(now: datetime, expected: str | None) -> None:
    assert prior(history(*O1), now) == (expected and Decimal(expected))


def test_the_price_in_force_when_the_30_days_open_counts_and_the_one_before_it_does_not() -> None:
    steps = history((1, 1, 50), (6, 1, 100), (9, 20, 80))
    assert prior(steps, on(9, 20)) == 100
    assert prior([(on(1, 1), Decimal(50)), (on(9, 20) - WINDOW, Decimal(100)), *steps[2:]], on(9, 20)) == 100
    assert prior([(on(1, 1), Decimal(50)), (on(8, 22), Decimal(100)), *steps[2:]], on(9, 20)) == 50


def test_a_reduction_that_stood_for_30_days_is_what_the_next_is_counted_from() -> None:
    assert prior(history((1, 1, 120), (6, 1, 100), (9, 20, 80)), on(9, 20)) == 100
    assert prior(history((1, 1, 120), (9, 1, 100), (9, 20, 80)), on(9, 20)) == 120


def test_a_smaller_reduction_after_a_greater_one_names_the_greater_one() -> None:
    assert prior(history((6, 1, 100), (9, 1, 70), (9, 6, 80)), on(9, 7)) == 70


def test_the_same_price_again_is_no_step_and_of_two_at_once_the_last_counts() -> None:
    assert prior(history((6, 1, 100), (9, 1, 100), (9, 20, 80), (9, 21, 80)), on(9, 22)) == 100
    assert prior(history((6, 1, 100), (9, 20, 120), (9, 20, 80)), on(9, 20)) == 100


@pytest.mark.parametrize("steps", [[], [(6, 1, 100)], [(6, 1, 100), (9, 1, 110)]])
def test_a_price_that_never_fell_has_none(steps: list[tuple[int, int, float]]) -> None:
    assert prior(history(*steps), on(12, 1)) is None


steps_of = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9)), max_size=12).map(
    lambda steps: [(JUNE + timedelta(days=day), Decimal(amount)) for day, amount in sorted(steps)]
)


@given(steps_of, st.integers(0, 250))
def test_it_is_a_price_that_everyone_paid_and_repeating_steps_changes_nothing(
    steps: list[tuple[datetime, Decimal]], day: int
) -> None:
    now = JUNE + timedelta(days=day)
    found = prior(steps, now)
    assert found is None or found in {amount for at, amount in steps if at < now}
    assert prior([step for step in steps for _ in range(2)], now) == found
    assert prior([*steps, (now + timedelta(seconds=1), Decimal(1))], now) == found


def test_a_market_pays_its_own_price_until_it_pays_everyones_again() -> None:
    everyones = history((1, 1, 100), (3, 1, 90), (5, 1, 95))
    own = [(on(2, 1), Decimal(80)), (on(4, 1), None)]

    assert in_market(everyones, own) == history((1, 1, 100), (2, 1, 80), (3, 1, 80), (4, 1, 90), (5, 1, 95))
    assert in_market(everyones, []) == everyones


moments = st.integers(0, 40).map(lambda hours: JUNE + timedelta(hours=hours))
amounts = st.integers(1, 100).map(Decimal)


def last(steps: Sequence[tuple[datetime, Any]], at: datetime) -> Any:
    return next((amount for moment, amount in reversed(steps) if moment <= at), None)


@given(
    st.dictionaries(moments, amounts, min_size=1), st.dictionaries(moments, st.none() | amounts, max_size=9), moments
)
def test_at_each_moment_a_market_pays_its_own_price_or_everyones(
    shared: dict[datetime, Decimal], apart: dict[datetime, Decimal | None], at: datetime
) -> None:
    everyones, own = sorted(shared.items()), sorted(apart.items(), key=lambda step: step[0])
    at = max(at, everyones[0][0])

    assert last(in_market(everyones, own), at) == (last(own, at) or last(everyones, at))
