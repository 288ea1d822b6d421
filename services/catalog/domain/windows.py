"""Stretches of time in which something is shown: half-open, from a start until an end, either may be open."""

from datetime import datetime

from shared.kernel.problems import FieldError


def backwards(start: datetime | None, end: datetime | None, pointer: str) -> list[FieldError]:
    """Return what is wrong with a window, its end named by `pointer`: one that ends before it has begun never shows."""
    if start is None or end is None or start < end:
        return []
    return [FieldError(pointer, "WINDOW_EMPTY", "The end must be later than the start; change one, or leave one open.")]
