"""One price by a rule: moved, rounded to an ending or a step, stopped at its floor."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.price_changes import ListToChange, PriceRule, changed, check_list, check_rule, made
from shared.contracts.catalog.price_changes import Direction, PriceChangeInvalid, PriceOutcome, Rounding, StepKind
from shared.contracts.catalog.price_lists import ListStatus, PriceLevel, PriceMode


def by(
    value: str, kind: StepKind = StepKind.PERCENT, rounding: Rounding | None = None, currency: str = "EUR"
) -> PriceRule:
    return PriceRule(kind, Decimal(value), currency, rounding)


def to(step: str = "1", ending: str = "0", direction: Direction = Direction.NEAREST) -> Rounding:
    return Rounding(step=Decimal(step), ending=Decimal(ending), direction=direction)


def after(before: str, rule: PriceRule, floor: str | None = None) -> tuple[str, PriceOutcome]:
    amount, outcome = changed(Decimal(before), rule, None if floor is None else Decimal(floor))
    return str(amount), outcome


@pytest.mark.parametrize(
    ("before", "rule", "expected"),
    [
        ("10.00", by("3"), "10.30"),
        ("12.99", by("3"), "13.38"),
        ("12.50", by("-0.50", StepKind.AMOUNT), "12.00"),
        ("0.30", by("-0.50", StepKind.AMOUNT), "0.00"),
        ("10.00", by("-100"), "0.00"),
        ("1000", by("2.25", currency="JPY"), "1023"),
        ("1.005", by("50", currency="TND"), "1.508"),
    ],
)
def test_a_price_moves_by_a_percent_or_an_amount(before: str, rule: PriceRule, expected: str) -> None:
    assert after(before, rule) == (expected, PriceOutcome.CHANGED)


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (to(ending="0.90"), "12.90"),
        (to(ending="0.90", direction=Direction.DOWN), "12.90"),
        (to(ending="0.90", direction=Direction.UP), "13.90"),
        (to(ending="0.99"), "12.99"),
        (to(ending="0.05"), "13.05"),
        (to("0.05"), "13.40"),
        (to("0.05", direction=Direction.DOWN), "13.35"),
        (to("5", direction=Direction.UP), "15.00"),
        (to("10", "9.90", Direction.DOWN), "9.90"),
    ],
)
def test_13_38_is_rounded_to_an_ending_or_a_step(rounding: Rounding, expected: str) -> None:
    assert after("12.99", by("3", rounding=rounding))[0] == expected


def test_the_middle_goes_up_and_nothing_goes_below_the_least_ending() -> None:
    assert after("12.00", by("0.40", StepKind.AMOUNT, to(ending="0.90"))) == ("12.90", PriceOutcome.CHANGED)
    assert after("0.50", by("-10", rounding=to(ending="0.90", direction=Direction.DOWN)))[0] == "0.90"


@pytest.mark.parametrize(
    ("before", "floor", "expected"),
    [
        ("10.00", "9.50", ("9.50", PriceOutcome.FLOORED)),
        ("10.00", "9.00", ("9.00", PriceOutcome.CHANGED)),
        ("8.00", "9.00", ("8.00", PriceOutcome.FLOORED)),
    ],
)
def test_a_price_stops_at_its_floor(before: str, floor: str, expected: tuple[str, PriceOutcome]) -> None:
    assert after(before, by("-10"), floor) == expected


def test_a_price_below_its_floor_may_rise() -> None:
    assert after("8.00", by("5"), "9.00") == ("8.40", PriceOutcome.CHANGED)


def test_what_stays_and_what_no_amount_can_hold_is_told() -> None:
    assert after("12.90", by("1", rounding=to(ending="0.90"))) == ("12.90", PriceOutcome.UNCHANGED)
    assert after("99999999999999.00", by("1")) == ("99999999999999.00", PriceOutcome.TOO_LARGE)


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        (by("0"), "/value"),
        (by("-100.1"), "/value"),
        (by("10000.1"), "/value"),
        (by("1.00001"), "/value"),
        (by("1.00001", StepKind.AMOUNT), "/value"),
        (by("1", rounding=to("0")), "/rounding/step"),
        (by("1", rounding=to("0.001")), "/rounding/step"),
        (by("1", rounding=to("-1")), "/rounding/step"),
        (by("1", rounding=to("1", "1")), "/rounding/ending"),
        (by("1", rounding=to("1", "-0.1")), "/rounding/ending"),
        (by("1", rounding=to("1", "0.9"), currency="JPY"), "/rounding/ending"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(rule: PriceRule, pointer: str) -> None:
    with pytest.raises(PriceChangeInvalid) as refused:
        check_rule(rule, None, None)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_a_value_needs_its_attribute() -> None:
    check_rule(by("1"), "colour", "red")
    check_rule(by("1"), "colour", None)
    with pytest.raises(PriceChangeInvalid):
        check_rule(by("1"), None, "red")


LIST = ListToChange(PriceLevel.GROUP, ListStatus.DRAFT, "EUR", PriceMode.NET)


@pytest.mark.parametrize(
    ("found", "rule", "code"),
    [
        (replace(LIST, level=PriceLevel.QUOTE), by("1"), "QUOTE_IS_AGREED"),
        (replace(LIST, status=ListStatus.ARCHIVED), by("1"), "LIST_ARCHIVED"),
        (LIST, by("1", currency="USD"), "CURRENCY_NOT_THE_LISTS"),
        (LIST, replace(by("1"), mode=PriceMode.GROSS), "MODE_NOT_THE_LISTS"),
        (replace(LIST, mode=PriceMode.GROSS), by("1"), "MODE_NOT_THE_LISTS"),
        (LIST, replace(by("1"), from_mode=PriceMode.GROSS), "FROM_MODE_IN_A_LIST"),
    ],
)
def test_not_every_list_changes_by_rule(found: ListToChange, rule: PriceRule, code: str) -> None:
    check_list(LIST, by("1"))
    check_list(replace(LIST, mode=PriceMode.GROSS), replace(by("1"), mode=PriceMode.GROSS))
    with pytest.raises(PriceChangeInvalid) as refused:
        check_list(found, rule)

    assert [error.code for error in refused.value.errors] == [code]


WITH_TAX = PriceRule(StepKind.PERCENT, Decimal(20), "EUR", to(ending="0.90"), PriceMode.GROSS, PriceMode.NET)


@pytest.mark.parametrize(
    ("source", "standing", "floor", "expected"),
    [
        ("10.00", None, None, ("11.90", PriceOutcome.CHANGED)),
        ("10.00", "14.00", None, ("11.90", PriceOutcome.CHANGED)),
        ("10.00", "11.90", None, ("11.90", PriceOutcome.UNCHANGED)),
        ("10.00", "14.00", "13.00", ("13.00", PriceOutcome.FLOORED)),
        ("90000000000000", None, None, ("90000000000000", PriceOutcome.TOO_LARGE)),
    ],
)
def test_a_price_is_made_from_the_one_without_tax(
    source: str, standing: str | None, floor: str | None, expected: tuple[str, PriceOutcome]
) -> None:
    amount, outcome = made(
        Decimal(source), standing and Decimal(standing), WITH_TAX, None if floor is None else Decimal(floor)
    )

    assert (str(amount), outcome) == expected


def test_prices_are_made_from_those_of_the_other_mode_as_they_are_too() -> None:
    check_rule(replace(WITH_TAX, value=Decimal(0)), None, None)
    with pytest.raises(PriceChangeInvalid) as refused:
        check_rule(replace(WITH_TAX, from_mode=PriceMode.GROSS), None, None)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/from_mode", "FROM_MODE_SAME")]


prices = st.decimals(min_value=0, max_value=100_000, places=2)
steps = st.sampled_from(["0.01", "0.05", "0.10", "1", "5"])


@given(prices, st.decimals(-100, 300, places=4), steps, st.sampled_from(Direction), st.none() | prices)
def test_the_result_is_a_multiple_of_the_step_or_what_stopped_it(
    before: Decimal, percent: Decimal, step: str, direction: Direction, floor: Decimal | None
) -> None:
    rule = PriceRule(StepKind.PERCENT, percent, "EUR", to(step, direction=direction))

    amount, outcome = changed(before, rule, floor)

    assert amount >= min(before, floor or Decimal(0))
    assert outcome is not PriceOutcome.CHANGED or amount % Decimal(step) == 0
    assert outcome is not PriceOutcome.CHANGED or abs(amount - before * (100 + percent) / 100) <= Decimal(step)
