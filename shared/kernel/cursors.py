"""Cursors: where a page ends, as a text that callers pass back and need not understand."""

import base64


def sealed(place: str) -> str:
    """Return a place as a cursor, which may stand in an address as it is."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """Return the place that a cursor says. Raises ValueError for a text that is no cursor."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
