"""Prices set by hand: rules 3.8.6."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.manual_prices import ANY_PRICE, Latitude, bounds, discounted
from services.catalog.tests.samples import eur
from shared.kernel.money import UnitPrice

percents = st.decimals(min_value=0, max_value=100, places=4)
prices = st.decimals(min_value=0, max_value=100_000, places=2).map(lambda amount: UnitPrice(amount, "EUR"))


def test_the_floor_is_rounded_half_up() -> None:
    limits = bounds(eur("12.99"), Latitude(Decimal("7.5"), Decimal(20)))

    assert (limits.floor, limits.ceiling) == (eur("12.02"), eur("15.59"))
    assert limits.admit(Decimal("12.02"))
    assert not limits.admit(Decimal("12.01"))
    assert limits.admit(Decimal("15.59"))
    assert not limits.admit(Decimal("15.60"))


def test_exactly_the_discount_one_may_give_is_admitted_whatever_rounding_makes_of_it() -> None:
    limits = bounds(eur("12.99"), Latitude(Decimal("7.5"), Decimal(0)))

    assert limits.admit(discounted(eur("12.99"), Decimal("7.5")))
    assert not limits.admit(discounted(eur("12.99"), Decimal("7.6")))


def test_price_and_discount_count_together() -> None:
    limits = bounds(eur("100.00"), Latitude(Decimal(20), Decimal(20)))

    assert limits.admit(discounted(eur("90.00"), Decimal(10)))
    assert not limits.admit(discounted(eur("90.00"), Decimal(12)))
    assert limits.admit(discounted(eur("130.00"), Decimal(10)))


def test_without_latitude_only_the_computed_price_is_admitted() -> None:
    limits = bounds(eur("10.00"), Latitude(Decimal(0), Decimal(0)))

    assert [amount for amount in ("9.99", "10.00", "10.01") if limits.admit(Decimal(amount))] == ["10.00"]


def test_a_hundredth_of_a_cent_is_not_rounded_into_bounds() -> None:
    assert not bounds(eur("0.01"), Latitude(Decimal(0), Decimal(0))).admit(Decimal("0.0051"))


@pytest.mark.parametrize("amount", ["0", "0.01", "99999"])
def test_who_may_set_any_price_may_set_any_price(amount: str) -> None:
    limits = bounds(eur("10.00"), ANY_PRICE)

    assert limits.ceiling is None
    assert limits.admit(Decimal(amount))


@given(prices, percents, percents, percents)
def test_every_percentage_within_the_latitude_is_admitted(
    price: UnitPrice, most: Decimal, asked: Decimal, increase: Decimal
) -> None:
    limits = bounds(price, Latitude(max(most, asked), increase))

    assert limits.admit(discounted(price, min(most, asked)))
    assert limits.admit(price.amount * (100 + increase) / 100)
    assert limits.admit(limits.floor.amount)


def test_a_ceiling_beyond_every_amount_is_none() -> None:
    limits = bounds(eur("99999999999999.99"), Latitude(Decimal(0), Decimal(100)))

    assert (limits.ceiling, limits.highest) == (None, None)
    assert limits.admit(Decimal("99999999999999.99"))
