"""Money: exact, half up, never a cent lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.money import CurrencyMismatch, Money, UnitPrice

euros = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2).map(lambda amount: Money(amount, "EUR"))
weights = st.lists(st.decimals(min_value=0, max_value=100_000, places=4), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("9.995", "EUR", "10.00"), ("-2.675", "EUR", "-2.68"), ("0.5", "JPY", "1"), ("1.0005", "TND", "1.001")],
)
def test_rounding_is_half_up_away_from_zero_at_the_currencys_exponent(amount: str, currency: str, rounded: str) -> None:
    assert str(Money.rounded(Decimal(amount), currency).amount) == rounded


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.005", "EUR"), ("0.5", "JPY"), ("NaN", "EUR"), ("1", "eur"), ("1e20", "EUR")]
)
def test_money_refuses_what_it_cannot_hold(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"decimals|number|ISO"):
        Money(Decimal(amount), currency)


def test_equal_money_has_one_written_form() -> None:
    assert str(Money(Decimal("12.5"), "EUR")) == "12.50 EUR"
    assert str(Money(Decimal("-0"), "EUR")) == "0.00 EUR"
    assert str(UnitPrice(Decimal("12.5000"), "EUR")) == "12.50 EUR"
    assert str(UnitPrice(Decimal("0.1250"), "EUR")) == "0.125 EUR"


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


def test_C2_a_discount_is_spread_to_the_cent() -> None:
    parts = Money(Decimal("-10.00"), "EUR").allocate([Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])

    assert [str(part.amount) for part in parts] == ["-3.33", "-3.33", "-3.34"]


def test_the_missing_cents_go_to_the_first_of_equals() -> None:
    parts = Money(Decimal("0.05"), "EUR").allocate([Decimal("0.33")] * 3)

    assert [str(part.amount) for part in parts] == ["0.02", "0.02", "0.01"]


def test_no_weights_at_all_are_equal_weights() -> None:
    assert [str(part.amount) for part in Money(Decimal("0.03"), "EUR").allocate([0, 0])] == ["0.02", "0.01"]


@given(euros, weights)
def test_what_is_allocated_sums_to_the_whole(total: Money, given_weights: list[Decimal]) -> None:
    parts = total.allocate(given_weights)

    assert Money.sum(parts, "EUR") == total
    assert all((part.amount >= 0) == (total.amount >= 0) or not part for part in parts)


@given(euros, weights)
def test_nobody_is_a_cent_away_from_their_exact_share(total: Money, given_weights: list[Decimal]) -> None:
    whole = sum(given_weights) or Decimal(1)
    for part, weight in zip(total.allocate(given_weights), given_weights, strict=True):
        if sum(given_weights):
            assert abs(part.amount - total.amount * weight / whole) < Decimal("0.0100001")


def test_P4_a_line_is_rounded_once() -> None:
    assert str(UnitPrice(Decimal("11.04"), "EUR").line(Decimal(3)).amount) == "33.12"
    assert str(UnitPrice(Decimal("14.00"), "EUR").line(Decimal(7), Decimal(15)).amount) == "83.30"
