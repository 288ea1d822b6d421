"""How long somebody who failed to sign in must wait: a growing pause, never a lock (ASVS 6.1.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.identity import SignInThrottled

NONE = timedelta(0)
MOST_DOUBLINGS = 16  # beyond, the window is the pause anyway


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures within `window` cost nothing; then each doubles the pause, which never exceeds the window."""

    free: int
    window: timedelta
    first_pause: timedelta


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failures there were within a limit's window, and when the latest was."""

    count: int
    latest: datetime | None


PER_EMAIL = Limit(5, timedelta(minutes=15), timedelta(minutes=1))
PER_CLIENT = Limit(20, timedelta(minutes=1), timedelta(seconds=5))


def pause(limit: Limit, failures: Failures, at: datetime) -> timedelta:
    """Return how long to wait from `at`; zero once the pause after the latest failure is over."""
    if failures.count < limit.free or failures.latest is None:
        return NONE
    times = 1 << min(failures.count - limit.free, MOST_DOUBLINGS)
    whole = min(limit.first_pause * times, limit.window)
    return max(NONE, failures.latest + whole - at)


def check(by_email: Failures, by_client: Failures, at: datetime) -> None:
    """Raise SignInThrottled, with the seconds to wait, while either limit asks for a pause."""
    longest = max(pause(PER_EMAIL, by_email, at), pause(PER_CLIENT, by_client, at))
    if longest > NONE:
        seconds = int(longest.total_seconds()) + 1
        raise SignInThrottled(
            f"Too many failed sign-ins; try again in {seconds} seconds, or ask the merchant for help.",
            retry_after=seconds,
        )
