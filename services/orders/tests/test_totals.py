from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.totals import Sold, tax_lines, totals
from services.orders.tests.samples import euros
from shared.kernel.money import Money, UnitPrice, exponent
from shared.kernel.problems import Malformed

STANDARD, REDUCED = Decimal(20), Decimal("5.5")


def sold(price: str, rate: Decimal = STANDARD, quantity: str = "1", discount: str = "0", currency: str = "EUR") -> Sold:
    return Sold(UnitPrice(Decimal(price), currency), Decimal(quantity), rate, Decimal(discount))


def test_T1_vat_is_rounded_once_per_rate_not_per_line() -> None:
    sums = totals([sold("0.33")] * 3, "EUR")

    assert (sums.net, sums.tax, sums.total) == (euros("0.99"), euros("0.20"), euros("1.19"))
    assert [line.tax for line in sums.lines] == [euros("0.07"), euros("0.07"), euros("0.06")]


def test_T3_each_rate_is_taxed_by_itself() -> None:
    sums = totals([sold("20.04"), sold("3.33", REDUCED)], "EUR")

    assert [line.tax for line in sums.lines] == [euros("4.01"), euros("0.18")]
    assert sums.total == euros("27.56")


def test_the_order_of_lines_of_several_rates_is_kept() -> None:
    lines = [sold("10"), sold("20", REDUCED), sold("30"), sold("40", REDUCED)]

    sums = totals(lines, "EUR")

    assert [line.net for line in sums.lines] == [euros("10"), euros("20"), euros("30"), euros("40")]
    assert [line.tax for line in sums.lines] == [euros("2"), euros("1.10"), euros("6"), euros("2.20")]


def test_a_line_discount_is_taken_before_its_one_rounding() -> None:
    sums = totals([sold("9.995", quantity="3", discount="12.5")], "EUR")

    assert sums.net == euros("26.24")  # 26.236875


def test_an_order_of_nothing_costs_nothing() -> None:
    sums = totals([sold("0"), sold("5", discount="100")], "EUR")

    assert sums.total == euros("0")


def test_yen_have_no_cents() -> None:
    sums = totals([sold("333", Decimal(10), currency="JPY")] * 2, "JPY")

    assert (sums.net, sums.tax) == (Money(Decimal(666), "JPY"), Money(Decimal(67), "JPY"))


def test_S1_a_surcharge_is_split_by_the_nets_of_each_rate_and_taxed_like_shipping() -> None:
    goods = [sold("60"), sold("40", REDUCED)]

    alone, sums = totals(goods, "EUR"), totals(goods, "EUR", euros("10"))

    assert [(share.rate, share.net, share.tax) for share in sums.surcharge_taxes] == [
        (STANDARD, euros("6"), euros("1.20")),
        (REDUCED, euros("4"), euros("0.22")),
    ]
    assert (sums.net, sums.tax) == (euros("110"), euros("15.62"))
    assert sums.total - alone.total == euros("11.42")
    assert sums.lines == alone.lines


def test_a_surcharge_is_added_to_its_goods_before_their_vat_is_rounded() -> None:
    sums = totals([sold("0.33")], "EUR", euros("0.34"))

    assert (sums.net, sums.tax) == (euros("0.67"), euros("0.13"))  # 0.07 and 0.07 by themselves
    assert sums.lines[0].tax + sums.surcharge_taxes[0].tax == euros("0.13")


def test_a_surcharge_bears_no_rate_of_which_nothing_is_paid_for_unless_all_is_given_away() -> None:
    gift, book = sold("5", discount="100"), sold("3.33", REDUCED)

    assert [share.rate for share in totals([gift, book], "EUR", euros("10")).surcharge_taxes] == [REDUCED]
    given_away = totals([gift, sold("0", REDUCED)], "EUR", euros("10.01"))
    assert [(share.rate, share.net) for share in given_away.surcharge_taxes] == [
        (STANDARD, euros("5.01")),
        (REDUCED, euros("5.00")),
    ]


def test_no_surcharge_and_one_of_nothing_come_to_the_same() -> None:
    assert totals([sold("1")], "EUR", euros("0")) == totals([sold("1")], "EUR")


RATES = st.sampled_from([Decimal(0), Decimal("2.1"), REDUCED, Decimal("8.875"), STANDARD])
CURRENCIES = st.sampled_from(["EUR", "JPY", "TND"])


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Sold], str]:
    currency = draw(CURRENCIES)
    prices = st.decimals("0", "9999", places=max(exponent(currency), 4)).map(lambda price: UnitPrice(price, currency))
    quantities = st.decimals("0.001", "9999", places=3)
    percents = st.decimals("0", "100", places=4)
    lines = st.builds(Sold, unit_price=prices, quantity=quantities, rate=RATES, discount=percents)
    return draw(st.lists(lines, min_size=1, max_size=30)), currency


@given(orders(), st.none() | st.integers(1, 10**7))
def test_whatever_is_sold_totals_add_up_and_no_cent_of_tax_is_lost(
    order: tuple[list[Sold], str], fee: int | None
) -> None:
    lines, currency = order
    surcharge = fee and Money(Decimal(fee).scaleb(-exponent(currency)), currency)
    sums = totals(lines, currency, surcharge)
    shares = [(share.rate, share.net, share.tax) for share in sums.surcharge_taxes]

    assert Money.sum((net for _, net, _ in shares), currency) == (surcharge or Money.zero(currency))
    parts = [*((line.rate, a.net, a.tax) for line, a in zip(lines, sums.lines, strict=True)), *shares]
    assert sums.net == Money.sum((net for _, net, _ in parts), currency)
    assert sums.tax == Money.sum((tax for _, _, tax in parts), currency)
    assert sums.total == sums.net + sums.tax
    by_rate = tax_lines(parts, currency)
    for of_rate in by_rate:
        assert of_rate.tax == of_rate.net.percent(of_rate.rate)
    assert Money.sum((of_rate.tax for of_rate in by_rate), currency) == sums.tax
    assert [of_rate.rate for of_rate in by_rate] == sorted({line.rate for line in lines}, reverse=True)


@given(orders())
def test_a_lines_share_of_the_tax_is_within_a_cent_of_its_own(order: tuple[list[Sold], str]) -> None:
    lines, currency = order
    cent = Decimal(1).scaleb(-exponent(currency))

    for line, amounts in zip(lines, totals(lines, currency).lines, strict=True):
        assert abs(amounts.tax.amount - amounts.net.amount * line.rate / 100) < 2 * cent


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([sold("1"), sold("99999999999999.99")], ["/lines/1/quantity"]),  # with its VAT
        ([sold("99999999999999.9999", Decimal(0))], ["/lines/0/quantity"]),  # rounded up
        ([sold("50000000", quantity="99999999999.999")] * 2, ["/lines/0/quantity", "/lines/1/quantity"]),
        ([sold("40000000000000"), sold("60000000000000")], ["/lines/1/quantity"]),  # together
    ],
)
def test_an_order_beyond_what_an_amount_can_say_is_refused(lines: list[Sold], named: list[str]) -> None:
    with pytest.raises(Malformed) as refused:
        totals(lines, "EUR")

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(at, "AMOUNT_TOO_LARGE") for at in named]


def test_the_largest_order_still_adds_up_and_with_a_surcharge_is_refused() -> None:
    largest = [sold("1000", Decimal(0), "99999999999.998")]

    assert totals(largest, "EUR").total == euros("99999999999998.00")
    with pytest.raises(Malformed) as refused:
        totals(largest, "EUR", euros("2"))
    assert [error.pointer for error in refused.value.errors] == ["/lines/0/quantity"]
