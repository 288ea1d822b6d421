"""Many prices raised or lowered at once: one price by the rule, and what makes a rule acceptable."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from services.catalog.domain.price_rows import PERCENT_DECIMALS
from services.catalog.domain.prices import cent, rounded
from shared.contracts.catalog.price_changes import (
    ChangeState,
    Direction,
    PriceChangeInvalid,
    PriceOutcome,
    Rounding,
    StepKind,
)
from shared.contracts.catalog.price_lists import ListStatus, PriceLevel, PriceMode
from shared.contracts.values import plain
from shared.kernel import transitions
from shared.kernel.money import LIMIT, UnitPrice
from shared.kernel.problems import FieldError

MOST_PERCENT = Decimal(10_000)
NEXT: transitions.Transitions[ChangeState] = {
    ChangeState.WAITING: frozenset({ChangeState.RUNNING, ChangeState.DONE, ChangeState.FAILED}),
    ChangeState.RUNNING: frozenset({ChangeState.DONE, ChangeState.FAILED}),
    ChangeState.DONE: frozenset(),
    ChangeState.FAILED: frozenset(),
}
ROUNDINGS = {
    Direction.UP: ROUND_CEILING,
    Direction.DOWN: ROUND_FLOOR,
    Direction.NEAREST: ROUND_HALF_UP,
}


@dataclass(frozen=True, slots=True)
class PriceRule:
    """By how much prices of a currency and mode move, in percent of each or by an amount, and how they are rounded.

    `from_mode`: they are made from the prices of that mode by the same step, in place of moving themselves. `scale`:
    how many decimals prices have, where that is more than their currency has.
    """

    kind: StepKind
    value: Decimal
    currency: str
    rounding: Rounding | None = None
    mode: PriceMode = PriceMode.NET
    from_mode: PriceMode | None = None
    scale: int | None = None


def advance(current: ChangeState, to: ChangeState) -> ChangeState:
    """Return the state of a price change after a step. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "A price change")


def changed(before: Decimal, rule: PriceRule, floor: Decimal | None = None) -> tuple[Decimal, PriceOutcome]:
    """Return what a price becomes by a rule, and how that came about; amounts in major units.

    Without a rounding it is rounded half up to the currency's decimals; never below zero. Nothing is lowered below
    `floor`: it stops there, and a price that is below it already stays. One that no amount can hold stays, too.
    """
    moved = before * (100 + rule.value) / 100 if rule.kind is StepKind.PERCENT else before + rule.value
    after = _ended(max(moved, Decimal(0)), rule)
    if after >= LIMIT:
        return before, PriceOutcome.TOO_LARGE
    if floor is not None and after < min(before, floor):
        return min(before, floor), PriceOutcome.FLOORED
    return (before, PriceOutcome.UNCHANGED) if after == before else (after, PriceOutcome.CHANGED)


def made(
    source: Decimal, standing: Decimal | None, rule: PriceRule, floor: Decimal | None = None
) -> tuple[Decimal, PriceOutcome]:
    """Return the price of a mode that a rule makes from the one of the other mode, and how that came about.

    `source`: that of the other mode; `standing`: what there is of this mode already, None where nothing is. Rounded as
    `changed` does, and never below `floor`, which is of this mode. Of what would be too large nothing is made, and
    `source` is returned.
    """
    moved = source * (100 + rule.value) / 100 if rule.kind is StepKind.PERCENT else source + rule.value
    after = _ended(max(moved, Decimal(0)), rule)
    if after >= LIMIT:
        return source, PriceOutcome.TOO_LARGE
    if floor is not None and after < floor:
        return floor, PriceOutcome.FLOORED
    return after, PriceOutcome.UNCHANGED if after == standing else PriceOutcome.CHANGED


def _ended(amount: Decimal, rule: PriceRule) -> Decimal:
    """Return an amount rounded as the rule wants: to step × n + ending, n from 0 on."""
    if rule.rounding is None:
        return rounded(amount, rule.currency, rule.scale)
    step, ending = rule.rounding.step, rule.rounding.ending
    steps = ((amount - ending) / step).to_integral_value(ROUNDINGS[rule.rounding.direction])
    return rounded(max(steps, Decimal(0)) * step + ending, rule.currency, rule.scale)


def check_rule(rule: PriceRule, attribute: str | None, attribute_value: str | None) -> None:
    """Refuse a rule that contradicts itself. Raises PriceChangeInvalid naming each fault."""
    faults = _value_faults(rule)
    if rule.from_mode is rule.mode:
        message = "Prices are made from those of the other mode; leave it out to move them within their own."
        faults.append(FieldError("/from_mode", "FROM_MODE_SAME", message))
    if rule.rounding is not None:
        faults += _rounding_faults(rule.rounding, rule)
    if attribute_value is not None and attribute is None:
        faults.append(FieldError("/attribute", "ATTRIBUTE_MISSING", "Name the attribute that has this value."))
    if faults:
        raise PriceChangeInvalid(errors=faults)


@dataclass(frozen=True, slots=True)
class ListToChange:
    """What of a list decides whether its prices can be changed by a rule."""

    level: PriceLevel
    status: ListStatus
    currency: str
    mode: PriceMode


def check_list(found: ListToChange, rule: PriceRule) -> None:
    """Refuse to change the prices of a list of another currency or mode, of an archived one, or of a quote.

    Its prices are not made from others either: only base prices are. Raises PriceChangeInvalid.
    """
    fault, currency, level, status = None, found.currency, found.level, found.status
    if currency != rule.currency:
        fault = FieldError("/currency", "CURRENCY_NOT_THE_LISTS", f"The list is in {currency}; name that currency.")
    elif found.mode is not rule.mode:
        fault = FieldError("/mode", "MODE_NOT_THE_LISTS", f"The list's prices are {found.mode}; name that mode.")
    elif rule.from_mode is not None:
        message = "Only base prices are made from those of the other mode; leave this or the list out."
        fault = FieldError("/from_mode", "FROM_MODE_IN_A_LIST", message)
    elif level is PriceLevel.QUOTE:
        fault = FieldError("/list_id", "QUOTE_IS_AGREED", "A quote's prices were agreed on; make another quote.")
    elif status is ListStatus.ARCHIVED:
        fault = FieldError("/list_id", "LIST_ARCHIVED", "The list is archived; make it a draft again first.")
    if fault:
        raise PriceChangeInvalid(errors=[fault])


def written(kind: StepKind, value: Decimal, currency: str) -> Decimal:
    """Return by how much prices move, with as many decimals as it is written with."""
    if kind is StepKind.AMOUNT:
        return UnitPrice(abs(value), currency).amount.copy_sign(value)
    return plain(value)


def _value_faults(rule: PriceRule) -> list[FieldError]:
    if rule.value == 0 and rule.from_mode is None:
        return [FieldError("/value", "VALUE_ZERO", "Name by how much prices move; zero changes nothing.")]
    if rule.kind is StepKind.PERCENT:
        if -100 <= rule.value <= MOST_PERCENT and rule.value == round(rule.value, PERCENT_DECIMALS):
            return []
        message = f"A percent is from -100 to {MOST_PERCENT} with at most four decimals."
        return [FieldError("/value", "PERCENT_INVALID", message)]
    try:
        UnitPrice(abs(rule.value), rule.currency)
    except ValueError as error:
        return [FieldError("/value", "AMOUNT_INVALID", f"{str(error).capitalize()}.")]
    return []


def _rounding_faults(rounding: Rounding, rule: PriceRule) -> list[FieldError]:
    currency, smallest = rule.currency, cent(rule.currency, rule.scale)
    faults = []
    if not smallest <= rounding.step < LIMIT or rounding.step % smallest:
        message = f"The step is a multiple of {smallest}, as {currency} is counted."
        faults.append(FieldError("/rounding/step", "STEP_INVALID", message))
    elif not 0 <= rounding.ending < rounding.step or rounding.ending % smallest:
        message = f"The ending is below the step and a multiple of {smallest}, as {currency} is counted."
        faults.append(FieldError("/rounding/ending", "ENDING_INVALID", message))
    return faults
