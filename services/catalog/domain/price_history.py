"""The lowest price before a reduction, from what everyone paid (rules 3.1, lowest price of the last 30 days)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

WINDOW = timedelta(days=30)


class Step(NamedTuple):
    """What everyone paid from a moment on, in major units."""

    at: datetime
    amount: Decimal


def in_market(
    everyones: Sequence[tuple[datetime, Decimal]], own: Sequence[tuple[datetime, Decimal | None]]
) -> Sequence[tuple[datetime, Decimal]]:
    """Return what everyone of a market paid, oldest first: `own` from its moments on, and where it is None everyones'.

    Both are oldest first.
    """
    if not own:
        return everyones
    told = [(at, False, amount) for at, amount in everyones] + [(at, True, amount) for at, amount in own]
    shared: Decimal | None = None
    apart: Decimal | None = None
    paid = []
    # Of one moment what is everyone's comes first, for the market's own was found beside it.
    for at, is_own, amount in sorted(told, key=lambda step: step[:2]):
        if is_own:
            apart = amount
        else:
            shared = amount
        now = shared if apart is None else apart
        if now is not None:
            paid.append((at, now))
    return paid


def prior(history: Sequence[tuple[datetime, Decimal]], now: datetime, since: datetime | None = None) -> Decimal | None:
    """Return the lowest price in force in [t - 30 days, t), where t is the start of the reduction in force at `now`.

    `history`: moments with the price from then on, oldest first. The price already in force at t - 30 days counts too.
    Reductions that follow one another within 30 days are one, and keep the value of the first. None where the price in
    force is not lower than one within those 30 days, or where not all of these is known. `since`: what is told of times
    before it is not known to be so; None where all is.
    """
    told = _steps(history, now)
    steps = told if since is None else _known(told, since)
    if len(steps) < 2:
        return None
    start = _start(steps)
    if steps[0] != told[0] and steps[start].at - WINDOW < steps[0].at:
        return None
    before = _before(steps, start)
    return min(before) if steps[-1].amount < max(before) else None


def _steps(history: Sequence[tuple[datetime, Decimal]], now: datetime) -> list[Step]:
    """Return the history up to now without steps that change nothing; of several at one moment the last counts."""
    steps: list[Step] = []
    for at, amount in history:
        if at > now:
            break
        if steps and steps[-1].at == at:
            steps.pop()
        if not steps or steps[-1].amount != amount:
            steps.append(Step(at, amount))
    return steps


def _known(steps: Sequence[Step], since: datetime) -> Sequence[Step]:
    """Return the steps from a moment on, the price already in force then as the first of them."""
    later = [step for step in steps if step.at > since]
    earlier = steps[: len(steps) - len(later)]
    return [Step(since, earlier[-1].amount), *later] if earlier else later


def _start(steps: Sequence[Step]) -> int:
    """Return the place of the step that began the reduction in force.

    A price that stood for 30 days is no reduction under way any more, but what the next one is counted from.
    """
    start = len(steps) - 1
    while start > 1 and _falls(steps, start) and _falls(steps, start - 1):
        if steps[start].at - steps[start - 1].at >= WINDOW:
            break
        start -= 1
    return start


def _falls(steps: Sequence[Step], place: int) -> bool:
    return steps[place].amount < steps[place - 1].amount


def _before(steps: Sequence[Step], start: int) -> list[Decimal]:
    """Return the prices in force in the 30 days before a step."""
    opens = steps[start].at - WINDOW
    return [step.amount for step, following in pairwise(steps[: start + 1]) if following.at > opens]
