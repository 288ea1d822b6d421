"""Holds: what a placement takes from stock, and how long it keeps it before an order stands."""

from datetime import timedelta
from enum import StrEnum

from shared.kernel import transitions

HOLD_FOR = timedelta(minutes=5)
"""How long a hold is kept, by the database's clock, before it is asked whether its order stands (rules 3.13)."""

OVERDUE = timedelta(minutes=10)
"""How long past its end a hold may wait to be swept before something is wrong."""


BELIEVED_FOR = timedelta(minutes=5)
"""How long catalog and orders may disagree on the goods of an order, with an event on its way, before it is drift."""


class HoldState(StrEnum):
    """Where a hold has come: taken for a placement, kept for an order that stands, or given back."""

    HELD = "held"
    ALLOCATED = "allocated"
    RELEASED = "released"


TAKING = frozenset({HoldState.HELD, HoldState.ALLOCATED})
"""The states in which a hold counts as reserved."""

NEXT: transitions.Transitions[HoldState] = {
    HoldState.HELD: frozenset({HoldState.ALLOCATED, HoldState.RELEASED}),
    HoldState.ALLOCATED: frozenset({HoldState.RELEASED}),
    HoldState.RELEASED: frozenset({HoldState.ALLOCATED}),  # the order stands although its hold was lost
}


def advance(current: HoldState, to: HoldState) -> HoldState:
    """Return the state to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "A hold")
