"""The least a group must order at once, what is missing, and what becomes of an order below."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.minimums import (
    Met,
    Minimum,
    Shortfall,
    check_minimum,
    judge,
    refusal,
    units_to_add,
)
from shared.contracts.catalog.group_terms import GroupTermsInvalid
from shared.contracts.catalog.rules import MinimumAction, MinimumOperator
from shared.kernel.money import Money
from shared.kernel.problems import Problem

DEALERS, PARTNERS = UUID(int=1), UUID(int=2)
WHOLESALE, RETAIL = Decimal(100), Decimal(200)


def eur(amount: str | int | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def minimum(group_id: UUID = DEALERS, **said: Any) -> Minimum:
    return Minimum(group_id, **said)


AT_500 = minimum(min_subtotal=eur(500), action=MinimumAction.RETAIL_PRICE)


def ordered(quantity: int) -> tuple[Decimal, Money]:
    """Return an order's quantity and its subtotal at the group's prices."""
    return Decimal(quantity), eur(quantity * WHOLESALE)


def test_q1_three_at_wholesale_fall_short_by_200_and_are_sold_at_retail() -> None:
    found = judge([AT_500], *ordered(3))

    assert isinstance(found, Shortfall)
    assert (found.action, found.missing_subtotal) == (MinimumAction.RETAIL_PRICE, eur(200))
    assert 3 * RETAIL == 600


def test_q2_five_at_wholesale_reach_the_minimum() -> None:
    assert judge([AT_500], *ordered(5)) == Met(DEALERS)


def test_q3_four_need_one_more_to_reach_500() -> None:
    found = judge([AT_500], *ordered(4))

    assert isinstance(found, Shortfall)
    assert 4 * RETAIL == 800
    more = units_to_add([AT_500], Decimal(4), "EUR", lambda _: WHOLESALE)
    assert more == 1
    assert judge([AT_500], *ordered(4 + int(more))) == Met(DEALERS)


@pytest.mark.parametrize(
    ("operator", "quantity", "amount", "met"),
    [
        ("and", 10, 500, True),
        ("and", 10, 499, False),
        ("and", 9, 500, False),
        ("or", 10, 0, True),
        ("or", 0, 500, True),
        ("or", 9, 499, False),
    ],
)
def test_both_or_one_of_them(operator: str, quantity: int, amount: int, met: bool) -> None:
    asked = minimum(min_qty=Decimal(10), min_subtotal=eur(500), operator=MinimumOperator(operator))

    assert isinstance(judge([asked], Decimal(quantity), eur(amount)), Met) is met


def test_a_group_without_a_minimum_asks_for_nothing() -> None:
    assert judge([minimum()], Decimal(1), eur(1)) == Met()
    assert judge([], Decimal(1), eur(1)) == Met()
    assert units_to_add([minimum()], Decimal(1), "EUR", lambda _: WHOLESALE) == 0


def test_one_groups_minimum_reached_is_enough() -> None:
    high = minimum(PARTNERS, min_subtotal=eur(5000))

    assert judge([high, AT_500], *ordered(5)) == Met(DEALERS)


def test_the_minimum_nearest_to_being_reached_says_what_is_missing() -> None:
    high = minimum(PARTNERS, min_subtotal=eur(5000), action=MinimumAction.BLOCK)
    few = minimum(DEALERS, min_qty=Decimal(10), action=MinimumAction.SURCHARGE, surcharge=eur(15))

    found = judge([high, few], *ordered(8))

    assert isinstance(found, Shortfall)
    assert (found.minimum.group_id, found.missing_qty, found.missing_subtotal) == (DEALERS, Decimal(2), eur(0))
    assert (found.action, found.surcharge) == (MinimumAction.SURCHARGE, eur(15))


def test_an_amount_in_another_currency_says_nothing() -> None:
    dollars = Money(Decimal(1), "USD")

    assert judge([AT_500], Decimal(1), dollars) == Met()
    fee = minimum(min_qty=Decimal(5), action=MinimumAction.SURCHARGE, surcharge=eur(15))
    found = judge([fee], Decimal(1), dollars)
    assert isinstance(found, Shortfall)
    assert (found.action, found.surcharge) == (MinimumAction.BLOCK, None)


def test_a_tier_that_lowers_the_price_is_thought_of() -> None:
    """At 5 the price falls to 80: five cost 400 only, so seven are needed."""
    more = units_to_add([AT_500], Decimal(4), "EUR", lambda quantity: Decimal(80 if quantity >= 5 else 100))

    assert more == 3


@pytest.mark.parametrize(("step", "more"), [("1", "3"), ("6", "8"), ("0.5", "2.5")])
def test_what_is_to_be_added_comes_in_steps(step: str, more: str) -> None:
    asked = minimum(min_subtotal=eur(450))

    assert units_to_add([asked], Decimal(4), "EUR", lambda _: Decimal(70), Decimal(step)) == Decimal(more)


def test_what_costs_nothing_reaches_no_amount() -> None:
    assert units_to_add([AT_500], Decimal(4), "EUR", lambda _: Decimal(0)) is None
    either = minimum(min_qty=Decimal(6), min_subtotal=eur(500), operator=MinimumOperator.OR)
    assert units_to_add([either], Decimal(4), "EUR", lambda _: Decimal(0)) == 2


def test_the_refusal_says_what_is_missing() -> None:
    asked = minimum(min_qty=Decimal(5), min_subtotal=eur(500))
    found = judge([asked], *ordered(3))
    assert isinstance(found, Shortfall)

    document = Problem.from_dict(refusal(found).to_dict()).to_dict()

    assert (document["code"], document["status"]) == ("ORDER_MINIMUM", 422)
    assert document["detail"] == "The order is below the minimum; add 2 more pieces and goods for 200.00 EUR more."
    assert document["details"] == {
        "minimum_qty": 5,
        "minimum_subtotal": {"amount": "500.00", "currency": "EUR"},
        "operator": "and",
        "action": "block",
        "missing_qty": 2,
        "shortfall": {"amount": "200.00", "currency": "EUR"},
    }


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"action": MinimumAction.SURCHARGE}, "/surcharge", "SURCHARGE_MISSING"),
        ({"action": MinimumAction.SURCHARGE, "surcharge": eur(0)}, "/surcharge", "SURCHARGE_MISSING"),
        ({"surcharge": eur(15)}, "/surcharge", "SURCHARGE_UNUSED"),
        ({"min_subtotal": eur(-1)}, "/minimum_subtotal", "AMOUNT_NEGATIVE"),
        (
            {"min_subtotal": eur(1), "action": MinimumAction.SURCHARGE, "surcharge": Money(Decimal(1), "USD")},
            "/surcharge",
            "CURRENCY_DIFFERS",
        ),
    ],
)
def test_terms_that_contradict_themselves_are_refused(said: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(GroupTermsInvalid) as refused:
        check_minimum(minimum(**said))

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


minimums = st.builds(
    lambda qty, amount, operator: minimum(
        min_qty=qty and Decimal(qty), min_subtotal=amount and eur(amount), operator=operator
    ),
    st.none() | st.integers(1, 50),
    st.none() | st.integers(1, 2000),
    st.sampled_from(list(MinimumOperator)),
)


@given(minimums, st.integers(1, 60), st.lists(st.integers(1, 100), min_size=4, max_size=4))
def test_what_is_to_be_added_reaches_the_minimum_and_no_less_does(
    asked: Minimum, quantity: int, falling: list[int]
) -> None:
    prices = sorted(falling, reverse=True)

    def price_at(pieces: Decimal) -> Decimal:
        return Decimal(prices[min(int(pieces) // 10, 3)])

    def met(pieces: int) -> bool:
        return isinstance(judge([asked], Decimal(pieces), eur(pieces * price_at(Decimal(pieces)))), Met)

    more = units_to_add([asked], Decimal(quantity), "EUR", price_at)

    assert more is not None
    assert met(quantity + int(more))
    assert not any(met(pieces) for pieces in range(quantity, quantity + int(more)))


@given(st.lists(minimums, max_size=3), st.integers(0, 60), st.integers(0, 2000), st.data())
def test_no_judgement_depends_on_the_order_of_groups(
    asked: list[Minimum], quantity: int, amount: int, data: st.DataObject
) -> None:
    groups = [Minimum(UUID(int=n), one.min_qty, one.min_subtotal, one.operator) for n, one in enumerate(asked, 1)]
    shuffled = data.draw(st.permutations(groups))

    assert judge(shuffled, Decimal(quantity), eur(amount)) == judge(groups, Decimal(quantity), eur(amount))
