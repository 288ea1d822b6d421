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
from shared.contracts.catalog.price_lists import ListStatus, PriceLevel
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
    """By how much prices of a currency move, in percent of each or by an amount, and how they are rounded."""

    kind: StepKind
    value: Decimal
    currency: str
    rounding: Rounding | None = None


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


def _ended(amount: Decimal, rule: PriceRule) -> Decimal:
    """Return an amount rounded as the rule wants: to step × n + ending, n from 0 on."""
    if rule.rounding is None:
        return rounded(amount, rule.currency)
    step, ending = rule.rounding.step, rule.rounding.ending
    steps = ((amount - ending) / step).to_integral_value(ROUNDINGS[rule.rounding.direction])
    return rounded(max(steps, Decimal(0)) * step + ending, rule.currency)


def check_rule(rule: PriceRule, attribute: str | None, attribute_value: str | None) -> None:
    """Refuse a rule that contradicts itself. Raises PriceChangeInvalid naming each fault."""
    faults = _value_faults(rule)
    if rule.rounding is not None:
        faults += _rounding_faults(rule.rounding, rule.currency)
    if attribute_value is not None and attribute is None:
        faults.append(FieldError("/attribute", "ATTRIBUTE_MISSING", "Name the attribute that has this value."))
    if faults:
        raise PriceChangeInvalid(errors=faults)


def check_list(level: PriceLevel, status: ListStatus, currency: str, asked: str) -> None:
    """Refuse to change the prices of a list of another currency, of an archived one, or of a quote."""
    fault = None
    if currency != asked:
        fault = FieldError("/currency", "CURRENCY_NOT_THE_LISTS", f"The list is in {currency}; name that currency.")
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
    if rule.value == 0:
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


def _rounding_faults(rounding: Rounding, currency: str) -> list[FieldError]:
    smallest = cent(currency)
    faults = []
    if not smallest <= rounding.step < LIMIT or rounding.step % smallest:
        message = f"The step is a multiple of {smallest}, as {currency} is counted."
        faults.append(FieldError("/rounding/step", "STEP_INVALID", message))
    elif not 0 <= rounding.ending < rounding.step or rounding.ending % smallest:
        message = f"The ending is below the step and a multiple of {smallest}, as {currency} is counted."
        faults.append(FieldError("/rounding/ending", "ENDING_INVALID", message))
    return faults
