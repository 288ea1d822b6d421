"""Totals of prices with tax: what is shown is what is paid, and the net is what is left of it (rules 3.3)."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.totals import Sold, Totals, tax_lines, totals
from services.orders.tests.samples import euros
from services.orders.tests.test_totals import REDUCED, STANDARD, orders, sold
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.orders.orders import TaxLine
from shared.kernel.money import Money, exponent
from shared.kernel.problems import Malformed

GROSS = PriceMode.GROSS
MODES = st.sampled_from(PriceMode)
FEES = st.none() | st.integers(1, 10**7)


def by_rate(sums: Totals, lines: list[Sold], currency: str = "EUR") -> list[TaxLine]:
    of_lines = [(line.rate, a.net, a.tax) for line, a in zip(lines, sums.lines, strict=True)]
    return tax_lines([*of_lines, *((share.rate, share.net, share.tax) for share in sums.surcharge_taxes)], currency)


def test_T2_the_vat_contained_in_gross_prices_is_what_is_left_after_the_net() -> None:
    sums = totals([sold("9.99", quantity="2")], "EUR", mode=GROSS)

    assert (sums.net, sums.tax, sums.total) == (euros("16.65"), euros("3.33"), euros("19.98"))


def test_gross_lines_of_one_rate_are_rounded_together_and_get_their_nets_by_allocation() -> None:
    sums = totals([sold("0.33")] * 3, "EUR", mode=GROSS)

    assert (sums.net, sums.tax, sums.total) == (euros("0.83"), euros("0.16"), euros("0.99"))  # 0.825
    assert [line.net for line in sums.lines] == [euros("0.28"), euros("0.28"), euros("0.27")]
    assert [line.tax for line in sums.lines] == [euros("0.05"), euros("0.05"), euros("0.06")]


def test_each_rate_of_gross_prices_contains_its_own_vat() -> None:
    lines = [sold("20.04"), sold("3.33", REDUCED)]

    sums = totals(lines, "EUR", mode=GROSS)

    assert [(line.net, line.tax) for line in sums.lines] == [
        (euros("16.70"), euros("3.34")),
        (euros("3.16"), euros("0.17")),
    ]
    assert sums.total == euros("23.37")


def test_S2_a_gross_surcharge_is_split_by_the_grosses_and_taxed_with_its_goods() -> None:
    lines = [sold("9.99", quantity="2"), sold("4.99", REDUCED)]

    sums = totals(lines, "EUR", euros("4.90"), GROSS)

    assert [(share.rate, share.net + share.tax) for share in sums.surcharge_taxes] == [
        (STANDARD, euros("3.92")),
        (REDUCED, euros("0.98")),
    ]
    assert by_rate(sums, lines) == [
        TaxLine(rate=STANDARD, net=euros("19.92"), tax=euros("3.98")),
        TaxLine(rate=REDUCED, net=euros("5.66"), tax=euros("0.31")),
    ]
    assert sums.total == euros("29.87")


def test_S2_without_tax_is_split_by_the_nets_and_taxed_with_its_goods() -> None:
    lines = [sold("9.99", quantity="2"), sold("4.99", REDUCED)]

    sums = totals(lines, "EUR", euros("4.90"))

    assert [share.net for share in sums.surcharge_taxes] == [euros("3.92"), euros("0.98")]
    assert by_rate(sums, lines) == [
        TaxLine(rate=STANDARD, net=euros("23.90"), tax=euros("4.78")),
        TaxLine(rate=REDUCED, net=euros("5.97"), tax=euros("0.33")),
    ]


def test_a_discount_is_taken_off_the_gross_price() -> None:
    sums = totals([sold("9.995", quantity="3", discount="12.5")], "EUR", mode=GROSS)

    assert sums.total == euros("26.24")  # 26.236875


def test_gross_prices_without_vat_are_net() -> None:
    assert totals([sold("5", Decimal(0))], "EUR", mode=GROSS) == totals([sold("5", Decimal(0))], "EUR")


@given(orders(), FEES, MODES)
def test_whatever_is_sold_no_cent_is_lost_or_made(
    order: tuple[list[Sold], str], fee: int | None, mode: PriceMode
) -> None:
    lines, currency = order
    surcharge = Money(Decimal(fee or 0).scaleb(-exponent(currency)), currency)
    sums = totals(lines, currency, surcharge, mode)
    parts = by_rate(sums, lines, currency)
    fees = [share.net if mode is PriceMode.NET else share.net + share.tax for share in sums.surcharge_taxes]

    assert Money.sum((part.net for part in parts), currency) == sums.net
    assert Money.sum((part.tax for part in parts), currency) == sums.tax
    assert sums.total == sums.net + sums.tax
    assert Money.sum(fees, currency) == surcharge
    for line, amounts in zip(lines, sums.lines, strict=True):
        shown = amounts.net if mode is PriceMode.NET else amounts.net + amounts.tax
        assert shown == line.unit_price.line(line.quantity, line.discount)
        assert amounts.net.amount >= 0
        assert amounts.tax.amount >= 0


@given(orders(), FEES)
def test_what_is_paid_for_gross_prices_is_the_sum_of_what_is_shown(
    order: tuple[list[Sold], str], fee: int | None
) -> None:
    lines, currency = order
    surcharge = Money(Decimal(fee or 0).scaleb(-exponent(currency)), currency)
    sums = totals(lines, currency, surcharge, GROSS)
    shown = [line.unit_price.line(line.quantity, line.discount) for line in lines]

    assert sums.total == Money.sum([*shown, surcharge], currency)
    for part in by_rate(sums, lines, currency):
        gross = part.net + part.tax
        assert part.net == Money.rounded(gross.amount / (1 + part.rate / 100), currency)


@given(orders(), MODES, st.randoms(use_true_random=False))
def test_an_order_comes_to_the_same_in_any_order_of_its_lines(
    order: tuple[list[Sold], str], mode: PriceMode, chance: Random
) -> None:
    lines, currency = order
    shuffled = sorted(lines, key=lambda _: chance.random())
    one, other = (totals(each, currency, mode=mode) for each in (lines, shuffled))

    assert (one.net, one.tax, one.total) == (other.net, other.tax, other.total)
    assert by_rate(one, lines, currency) == by_rate(other, shuffled, currency)


@given(orders())
def test_the_net_of_a_gross_line_is_within_a_cent_of_its_own(order: tuple[list[Sold], str]) -> None:
    lines, currency = order
    cent = Decimal(1).scaleb(-exponent(currency))

    for line, amounts in zip(lines, totals(lines, currency, mode=GROSS).lines, strict=True):
        own = (amounts.net + amounts.tax).amount / (1 + line.rate / 100)
        assert abs(amounts.net.amount - own) < 2 * cent


def test_the_largest_gross_order_needs_no_room_for_its_vat() -> None:
    largest = [sold("99999999999998.00")]

    assert totals(largest, "EUR", mode=GROSS).total == euros("99999999999998.00")
    with pytest.raises(Malformed):
        totals(largest, "EUR")
    with pytest.raises(Malformed):
        totals(largest, "EUR", euros("2"), GROSS)
