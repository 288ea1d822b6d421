"""Holds: what a placement takes from stock, and how long it keeps it before an order stands."""

from datetime import timedelta
from enum import StrEnum

HOLD_FOR = timedelta(minutes=5)
"""How long a hold is kept, by the database's clock, before it is asked whether its order stands (rules 3.13)."""

OVERDUE = timedelta(minutes=10)
"""How long past its end a hold may wait to be swept before something is wrong."""


class HoldState(StrEnum):
    """Where a hold has come: taken for a placement, kept for an order that stands, or given back."""

    HELD = "held"
    ALLOCATED = "allocated"
    RELEASED = "released"


TAKING = frozenset({HoldState.HELD, HoldState.ALLOCATED})
"""The states in which a hold counts as reserved."""
