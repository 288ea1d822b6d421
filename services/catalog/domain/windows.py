"""Stretches of time in which something counts or is shown: half-open, from a start until an end, either may be open."""

from datetime import datetime

from shared.kernel.problems import FieldError


def within(start: datetime | None, end: datetime | None, at: datetime) -> bool:
    """Tell whether a moment lies within a window."""
    return (start is None or start <= at) and (end is None or at < end)


def empty(start: datetime | None, end: datetime | None) -> bool:
    """Tell whether a window ends before it has begun."""
    return start is not None and end is not None and end <= start


def backwards(start: datetime | None, end: datetime | None, pointer: str) -> list[FieldError]:
    """Return what is wrong with a window, its end named by `pointer`: an empty one never counts."""
    if not empty(start, end):
        return []
    return [FieldError(pointer, "WINDOW_EMPTY", "The end must be later than the start; change one, or leave one open.")]
