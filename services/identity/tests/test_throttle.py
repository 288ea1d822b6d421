"""Failed sign-ins cost a growing pause, never a lock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.throttle import PER_CLIENT, PER_EMAIL, Failures, check, pause
from shared.contracts.identity import SignInThrottled

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NONE = Failures(0, None)


@pytest.mark.parametrize(
    ("failed", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10_000, 15)]
)
def test_the_pause_for_an_address_doubles_up_to_a_quarter_of_an_hour(failed, minutes):
    assert pause(PER_EMAIL, Failures(failed, NOON), NOON) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("failed", "seconds"), [(19, 0), (20, 5), (21, 10), (22, 20), (23, 40), (24, 60), (99, 60)])
def test_the_pause_for_a_client_doubles_up_to_a_minute(failed, seconds):
    assert pause(PER_CLIENT, Failures(failed, NOON), NOON) == timedelta(seconds=seconds)


def test_the_refusal_says_how_long_to_wait():
    with pytest.raises(SignInThrottled, match="41 seconds") as refusal:
        check(Failures(5, NOON), NONE, NOON + timedelta(seconds=20))

    assert refusal.value.details == {"retry_after": 41}


def test_the_longer_of_two_pauses_counts():
    with pytest.raises(SignInThrottled) as refusal:
        check(Failures(5, NOON), Failures(20, NOON), NOON)

    assert refusal.value.details == {"retry_after": 61}


@given(st.integers(0, 10**9))
def test_whoever_waits_a_whole_window_may_always_try(failed):
    later = NOON + PER_EMAIL.window

    assert check(Failures(failed, NOON), Failures(failed, NOON), later) is None


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_failures_never_shorten_the_pause(few, more):
    few, more = sorted((few, more))

    assert pause(PER_EMAIL, Failures(few, NOON), NOON) <= pause(PER_EMAIL, Failures(more, NOON), NOON)
