"""The way a price came about, told rule by rule (rules 3.0, trace)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from services.catalog.domain.pricing.candidates import Candidate
from services.catalog.domain.pricing.facts import Goods, Level
from services.catalog.domain.pricing.resolve import Considered, Outcome, Price
from shared.contracts.catalog.explanations import ExplanationNote
from shared.contracts.catalog.price_lists import PriceLevel, PriceMode, Scope
from shared.contracts.catalog.traces import PriceTrace, RuleOutcome
from shared.kernel.money import UnitPrice

WHY_NOT = {
    "OTHER_PRICE_MODE": "The list's prices are with tax and this price is without, or the other way round.",
    "BELOW_MIN_QTY": "It counts from a larger quantity on.",
    "ABOVE_MAX_QTY": "It is agreed for a smaller quantity only.",
    "OTHER_TIER": "A tier of the same list with a larger quantity is reached.",
    "NO_REFERENCE_PRICE": "There is no price in this currency and mode for it to be taken off from.",
    "LIST_IS_DRAFT": "The list is a draft; it counts once it is active.",
    "OTHER_CURRENCY": "The list's prices are in another currency; nothing is converted.",
    "LIST_NOT_BEGUN": "The list counts from a later moment on.",
    "LIST_ENDED": "The list's time is over.",
}
NAMES = {level: PriceLevel[level.name] for level in Level}


class Resting(NamedTuple):
    """A row for this buyer and these goods whose list is not in force; `code` tells why, as in WHY_NOT."""

    number: int
    name: str
    level: PriceLevel
    scope: Scope
    min_qty: Decimal
    code: str


def trace(price: Price, goods: Goods, currency: str) -> list[PriceTrace]:
    """Return what was looked at for a price, most specific level first: rows, base price, promotions, cap, floor."""
    told = [
        step for level in sorted(price.considered, key=lambda one: one.level) for step in _rows(price, level, currency)
    ]
    told += _base(price, goods, currency)
    winner = price.winner
    if winner is not None:
        told += _promotions(winner, currency)
        if winner.floored:
            told.append(_step(winner.level, "Floor", "FLOOR", "No rule goes below the floor.", winner, currency))
    if price.capped is not None and winner is not None:
        message = "Everyone pays less, and no member pays more than everyone."
        told.append(_step(winner.level, "Cap at everyone's price", "CAP_AT_PUBLIC", message, winner, currency))
    return told


def resting(rows: Iterable[Resting]) -> list[PriceTrace]:
    """Return what is to be told of rows whose lists are not in force, most specific level first."""
    levels = list(PriceLevel)
    return [
        PriceTrace(
            level=row.level,
            rule=row.number,
            name=row.name,
            scope=row.scope,
            min_qty=row.min_qty,
            outcome=RuleOutcome.NOT_ELIGIBLE,
            code=row.code,
            message=WHY_NOT[row.code],
        )
        for row in sorted(rows, key=lambda one: (levels.index(one.level), one.number))
    ]


def notes(price: Price, then: UnitPrice | None, *, passed: bool) -> list[ExplanationNote]:
    """Return what is to be known of an explanation; `then` is what everyone paid for one unit at its moment.

    `price` is that of one unit by today's rules, `passed` tells whether the moment has passed.
    """
    if not passed:
        return []
    changed = then is not None and then != price.public_price
    return [ExplanationNote.TODAYS_RULES, *([ExplanationNote.CHANGED_SINCE] if changed else [])]


def _rows(price: Price, level: Considered, currency: str) -> Iterator[PriceTrace]:
    won = price.winner.row if price.winner else None
    first = level.candidates[0] if level.candidates else None
    for candidate in level.candidates:
        applied = won is candidate
        code, message, by = (
            ("PRICE", "This row makes the price.", None) if applied else _shadow(price, candidate, first)
        )
        yield PriceTrace(
            level=NAMES[level.level],
            rule=candidate.row.number,
            name=candidate.row.list.name,
            scope=candidate.row.scope,
            min_qty=candidate.row.min_qty,
            outcome=RuleOutcome.APPLIED if applied else RuleOutcome.SHADOWED_BY,
            code=code,
            message=message,
            amount_out=UnitPrice(candidate.amount, currency),
            shadowed_by=by,
        )
    for row, code in level.misfits:
        yield PriceTrace(
            level=NAMES[level.level],
            rule=row.number,
            name=row.list.name,
            scope=row.scope,
            min_qty=row.min_qty,
            outcome=RuleOutcome.NOT_ELIGIBLE,
            code=code,
            message=WHY_NOT[code],
        )


def _shadow(price: Price, candidate: Candidate, first: Candidate | None) -> tuple[str, str, int | None]:
    """Return why a row that counts does not make the price, and which row came before it."""
    if first is not None and first is not candidate:
        names = ("NEARER", "PRIORITY", "NARROWER_SCOPE", "NEARER_CATEGORY", "LOWER_PRICE", "OLDER")
        code = next(
            name for name, ours, theirs in zip(names, candidate.rank, first.rank, strict=True) if ours != theirs
        )
        return code, "Another row of its level comes first.", first.row.number
    if price.capped is not None and price.capped.row is candidate:
        return "CAP_AT_PUBLIC", "Everyone's price is lower.", None
    winner = price.winner.row if price.winner else None
    return "OTHER_LEVEL", "Another level makes the price.", winner.row.number if winner else None


def _base(price: Price, goods: Goods, currency: str) -> Iterator[PriceTrace]:
    if goods.base is None:
        tax = "without tax" if goods.mode is PriceMode.NET else "with tax"
        message = f"There is no base price {tax} in this currency; nothing is converted."
        yield PriceTrace(
            level=PriceLevel.BASE,
            rule=None,
            name="Base price",
            outcome=RuleOutcome.NOT_ELIGIBLE,
            code="NO_PRICE",
            message=message,
        )
        return
    applied = price.winner is not None and price.winner.level is Level.BASE
    yield PriceTrace(
        level=PriceLevel.BASE,
        rule=None,
        name="Base price",
        outcome=RuleOutcome.APPLIED if applied else RuleOutcome.SHADOWED_BY,
        code="PRICE" if applied else "OTHER_LEVEL",
        message="Everyone's price." if applied else "A more specific level makes the price.",
        amount_out=price.list_price,
    )


def _promotions(winner: Outcome, currency: str) -> Iterator[PriceTrace]:
    left = winner.amount + sum(applied.amount for applied in winner.promotions)
    for applied in winner.promotions:
        before, left = left, left - applied.amount
        yield PriceTrace(
            level=NAMES[winner.level],
            rule=None,
            promotion_id=applied.promotion_id,
            name=applied.name,
            outcome=RuleOutcome.APPLIED,
            code="PROMOTION",
            message="A public promotion takes off its part.",
            amount_in=UnitPrice(before, currency),
            amount_out=UnitPrice(left, currency),
        )


def _step(level: Level, name: str, code: str, message: str, winner: Outcome, currency: str) -> PriceTrace:
    return PriceTrace(
        level=NAMES[level],
        rule=None,
        name=name,
        outcome=RuleOutcome.APPLIED,
        code=code,
        message=message,
        amount_out=UnitPrice(winner.amount, currency),
    )
