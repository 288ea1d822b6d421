"""What an order keeps of the way its prices came about (rules 3.0: the trace is stored with the order)."""

from collections.abc import Iterable

from shared.contracts.catalog.traces import PriceTrace, RuleOutcome

ROOM = 300_000
"""Bytes of JSON that the traces of all lines of an order take at most: it must fit a message of the bus with them."""
MOST_OF_A_LINE = 10_000
LARGEST_STEP = 1_500
"""No step takes more bytes, whatever its name."""


def kept(steps: Iterable[PriceTrace], lines: int) -> list[PriceTrace]:
    """Return what of a line's trace an order of so many lines keeps: what applied, then what was shadowed.

    Rules that did not count are left out, and so are those for which there is no room.
    """
    counted = [step for step in steps if step.outcome is not RuleOutcome.NOT_ELIGIBLE]
    counted.sort(key=lambda step: step.outcome is not RuleOutcome.APPLIED)
    room = min(MOST_OF_A_LINE, ROOM // lines)
    if len(counted) * LARGEST_STEP <= room:  # measuring costs more than keeping
        return counted
    found: list[PriceTrace] = []
    for step in counted:
        room -= len(step.model_dump_json().encode())
        if room < 0:
            break
        found.append(step)
    return found
