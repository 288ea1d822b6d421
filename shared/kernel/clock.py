"""The one clock: UTC, and one place to stop it in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """Return the present moment, UTC and aware."""
    return _stopped.get() or datetime.now(UTC)


@contextmanager
def stopped(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment, for tests. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone: datetime(..., tzinfo=UTC)")
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
