"""What promotions take off a base price: in order, one on what the other left, never below the floor (rules 3.1)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.promotions import Applied, PromotionFacts, reduced
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.kernel.money import exponent

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_promotion(number: int, value: str, kind: AdjustmentKind = AdjustmentKind.PERCENT_OFF, **given: Any) -> Any:
    facts: dict[str, Any] = {
        "id": UUID(int=number),
        "number": number,
        "name": f"promotion {number}",
        "priority": 0,
        "exclusive": False,
        "kind": kind,
        "value": Decimal(value),
        "currency": "EUR" if kind is AdjustmentKind.AMOUNT_OFF else None,
        "scope": Scope.ALL,
        "target_ids": frozenset(),
    }
    return PromotionFacts(**facts | given)


def off(number: int, amount: str, **given: Any) -> Any:
    return a_promotion(number, amount, AdjustmentKind.AMOUNT_OFF, **given)


def left(base: str, *promotions: PromotionFacts, floor: str | None = None, currency: str = "EUR") -> str:
    return str(reduced(Decimal(base), currency, promotions, None if floor is None else Decimal(floor))[0])


def taken(base: str, *promotions: PromotionFacts, floor: str | None = None) -> list[tuple[int, str]]:
    _, applied = reduced(Decimal(base), "EUR", promotions, None if floor is None else Decimal(floor))
    return [(one.promotion_id.int, str(one.amount)) for one in applied]


def test_each_works_on_what_the_one_before_left() -> None:
    assert left("100.00", a_promotion(1, "20"), a_promotion(2, "10")) == "72.00"
    assert taken("100.00", a_promotion(1, "20"), a_promotion(2, "10")) == [(1, "20.00"), (2, "8.00")]


def test_an_applied_promotion_is_named() -> None:
    assert reduced(Decimal("10.00"), "EUR", [off(7, "1")]) == (
        Decimal("9.00"),
        [Applied(UUID(int=7), "promotion 7", Decimal("1.00"))],
    )


def test_higher_priority_comes_first_then_the_older_one() -> None:
    percent, amount = a_promotion(1, "50"), off(2, "10")
    assert left("100.00", percent, amount) == "40.00"
    assert left("100.00", percent, off(2, "10", priority=1)) == "45.00"


def test_of_exclusive_ones_only_the_first_applies_and_nothing_else() -> None:
    others = (a_promotion(1, "50", priority=9), a_promotion(3, "30", exclusive=True))
    assert taken("100.00", *others, a_promotion(2, "20", exclusive=True)) == [(2, "20.00")]
    assert taken("100.00", *others, a_promotion(2, "20", exclusive=True, priority=-1)) == [(3, "30.00")]


def test_an_exclusive_one_of_another_currency_excludes_nobody() -> None:
    assert left("100.00", off(1, "5", exclusive=True, currency="USD"), a_promotion(2, "10")) == "90.00"


def test_a_step_that_would_pass_the_floor_gives_exactly_the_floor_and_the_next_is_not_listed() -> None:
    promotions = (a_promotion(1, "20"), a_promotion(2, "10"))
    assert (left("100.00", *promotions, floor="75.00"), taken("100.00", *promotions, floor="75.00")) == (
        "75.00",
        [(1, "20.00"), (2, "5.00")],
    )
    assert taken("100.00", *promotions, floor="80.00") == [(1, "20.00")]


def test_a_price_below_its_floor_is_not_raised() -> None:
    assert (left("60.00", a_promotion(1, "10"), floor="75.00"), taken("60.00", a_promotion(1, "10"), floor="75")) == (
        "60.00",
        [],
    )


@pytest.mark.parametrize(
    ("base", "percent", "currency", "expected"),
    [
        ("12.99", "15", "EUR", "11.04"),
        ("0.0300", "50", "EUR", "0.02"),
        ("999", "0.05", "JPY", "999"),
        ("1.0005", "0.1", "EUR", "1.00"),
        ("0.126", "0.1", "EUR", "0.126"),
        ("10.000", "33.3333", "TND", "6.667"),
    ],
)
def test_a_step_is_rounded_half_up_to_the_currency(base: str, percent: str, currency: str, expected: str) -> None:
    assert left(base, a_promotion(1, percent), currency=currency) == expected


def test_more_than_the_price_leaves_nothing() -> None:
    assert (left("3.00", off(1, "5")), taken("3.00", off(1, "5"))) == ("0", [(1, "3.00")])


def test_its_time_includes_the_start_and_not_the_end() -> None:
    promotion = a_promotion(1, "10", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    moments = [NOON - timedelta(microseconds=1), NOON, NOON + timedelta(minutes=59), NOON + timedelta(hours=1)]
    assert [promotion.in_force(moment) for moment in moments] == [False, True, True, False]
    assert a_promotion(1, "10").in_force(NOON)


def test_without_markets_it_counts_everywhere() -> None:
    everywhere, swiss = a_promotion(1, "10"), a_promotion(2, "10", markets=frozenset({"ch"}))
    assert [everywhere.counts_in(market) for market in (None, "fr", "ch")] == [True, True, True]
    assert [swiss.counts_in(market) for market in (None, "fr", "ch")] == [False, False, True]


def test_its_scope_is_variants_products_or_categories_with_what_stands_below() -> None:
    variant, product, top, leaf = (UUID(int=number) for number in range(10, 14))
    scopes = {Scope.VARIANT: variant, Scope.PRODUCT: product, Scope.CATEGORY: top}
    for scope, target in scopes.items():
        covered = a_promotion(1, "10", scope=scope, target_ids=frozenset({target}))
        assert covered.covers(variant, product, {top, leaf})
        assert not covered.covers(leaf, leaf, set())
    assert a_promotion(1, "10").covers(leaf, leaf, set())


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
many = st.lists(
    st.builds(
        a_promotion,
        st.integers(1, 50),
        st.decimals(min_value=0, max_value=100, places=4).map(str),
        st.sampled_from([AdjustmentKind.PERCENT_OFF, AdjustmentKind.AMOUNT_OFF]),
        priority=st.integers(-2, 2),
        exclusive=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda promotion: promotion.number,
)


@given(amounts, many, st.none() | amounts, st.randoms())
def test_the_order_in_which_they_come_is_irrelevant(base: Decimal, promotions: Any, floor: Any, random: Any) -> None:
    shuffled = list(promotions)
    random.shuffle(shuffled)
    assert reduced(base, "EUR", shuffled, floor) == reduced(base, "EUR", promotions, floor)


@given(amounts, many, st.none() | amounts)
def test_what_is_taken_is_what_is_missing_and_never_more_than_the_floor_allows(
    base: Decimal, promotions: Any, floor: Decimal | None
) -> None:
    price, applied = reduced(base, "EUR", promotions, floor)

    assert base - sum(one.amount for one in applied) == price
    assert min(base, floor or Decimal(0)) <= price <= base
    assert all(one.amount > 0 for one in applied)
    assert -int(price.as_tuple().exponent) <= exponent("EUR")
