"""How many a buyer must or may take: the nearest rule sets each limit."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.quantities import (
    FINEST,
    Bounds,
    Limits,
    Place,
    QuantityFacts,
    bounds,
    impossible,
    limits,
    limits_of_each,
)
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope, QuantityBasis, RuleScope

RED, CHAIR, SEATS, FURNITURE, SALE = (UUID(int=number) for number in range(1, 6))
ANN, BOB, ACME, HOLDING, DEALERS, PARTNERS = (UUID(int=number) for number in range(21, 27))
BUYER = Viewer(customer_id=ANN, company_ids=(ACME, HOLDING), group_ids=frozenset({DEALERS, PARTNERS}))
RED_CHAIR = Place(RED, CHAIR, {SEATS: 0, SALE: 0, FURNITURE: 1})
BUYERS = {
    ANN: BuyerScope.CUSTOMER,
    BOB: BuyerScope.CUSTOMER,
    ACME: BuyerScope.COMPANY,
    HOLDING: BuyerScope.COMPANY,
    DEALERS: BuyerScope.GROUP,
    PARTNERS: BuyerScope.GROUP,
    PUBLIC: BuyerScope.EVERYONE,
}
TARGETS = {RED: Scope.VARIANT, CHAIR: Scope.PRODUCT, PUBLIC: Scope.ALL}
ONE = Decimal(1)


def a_rule(buyer_id: UUID, target_id: UUID, number: int = 1, **fields: int | str | None) -> QuantityFacts:
    basis = QuantityBasis(str(fields.pop("basis", "variant")))
    days = fields.pop("period_days", None)
    given = {name: Decimal(value) for name, value in fields.items() if value is not None}
    return QuantityFacts(
        id=UUID(int=1000 + number),
        number=number,
        buyer_scope=BUYERS[buyer_id],
        buyer_id=buyer_id,
        scope=TARGETS.get(target_id, Scope.CATEGORY),
        target_id=target_id,
        period_days=days if isinstance(days, int) else None,
        basis=basis,
        **given,
    )


def told(found: Limits) -> dict[str, tuple[Decimal, RuleScope]]:
    named = {"min": found.min, "max": found.max, "multiple": found.multiple, "period": found.period}
    return {name: (limit.value, limit.scope) for name, limit in named.items() if limit}


CHAIN = [(ANN, PUBLIC), (ACME, PUBLIC), (HOLDING, PUBLIC), (DEALERS, PUBLIC), (PUBLIC, RED), (PUBLIC, CHAIR)]
CHAIN += [(PUBLIC, SEATS), (PUBLIC, FURNITURE), (PUBLIC, PUBLIC)]
SCOPES = ["customer", "company", "company", "group", "variant", "product", "category", "category", "shop"]


@pytest.mark.parametrize("start", range(len(CHAIN)))
def test_the_nearest_scope_sets_the_limit(start: int) -> None:
    rules = [a_rule(*CHAIN[place], number=place + 1, min_qty=place + 2) for place in range(start, len(CHAIN))]

    found = limits(reversed(rules), BUYER, RED_CHAIR)

    assert told(found) == {"min": (Decimal(start + 2), RuleScope(SCOPES[start]))}


def test_each_field_is_taken_separately() -> None:
    rules = [
        a_rule(ANN, PUBLIC, 1, max_qty=30),
        a_rule(DEALERS, CHAIR, 2, multiple=4, max_qty=10),
        a_rule(PUBLIC, PUBLIC, 3, min_qty=10, max_qty=5, multiple=9, period_qty=100, period_days=30),
    ]

    assert told(limits(rules, BUYER, RED_CHAIR)) == {
        "min": (Decimal(10), RuleScope.SHOP),
        "max": (Decimal(30), RuleScope.CUSTOMER),
        "multiple": (Decimal(4), RuleScope.GROUP),
        "period": (Decimal(100), RuleScope.SHOP),
    }


def test_a_near_buyer_comes_before_near_goods() -> None:
    rules = [a_rule(DEALERS, PUBLIC, 1, min_qty=2), a_rule(PUBLIC, RED, 2, min_qty=6)]

    assert told(limits(rules, BUYER, RED_CHAIR))["min"] == (Decimal(2), RuleScope.GROUP)


def test_nought_lifts_what_stands_farther_away() -> None:
    lifting = a_rule(ANN, CHAIR, 1, min_qty=0, max_qty=0, multiple=0, period_qty=0, period_days=1)
    shop = a_rule(PUBLIC, PUBLIC, 2, min_qty=5, max_qty=9, multiple=5, period_qty=9, period_days=7)

    assert told(limits([shop, lifting], BUYER, RED_CHAIR)) == {}
    assert set(told(limits([shop, lifting], Viewer(), RED_CHAIR))) == {"min", "max", "multiple", "period"}


def test_of_several_groups_the_most_favourable_counts() -> None:
    rules = [
        a_rule(DEALERS, PUBLIC, 1, min_qty=10, max_qty=20, multiple=6, period_qty=10, period_days=7),
        a_rule(PARTNERS, PUBLIC, 2, min_qty=4, max_qty=50, multiple=2, period_qty=30, period_days=30),
    ]

    found = limits(rules, BUYER, RED_CHAIR)

    assert {name: value for name, (value, _) in told(found).items()} == {
        "min": 4,
        "max": 50,
        "multiple": 2,
        "period": 10,
    }
    assert found.period is not None
    assert found.period.days == 7


def test_a_group_without_a_maximum_of_goods_speaks_for_itself() -> None:
    """Partners lift the maximum, so a buyer who is both has none."""
    rules = [a_rule(DEALERS, RED, 1, max_qty=20), a_rule(PARTNERS, PUBLIC, 2, max_qty=0)]

    assert told(limits(rules, BUYER, RED_CHAIR)) == {}


def test_a_group_speaks_with_its_own_nearest_rule() -> None:
    rules = [a_rule(DEALERS, RED, 1, min_qty=20), a_rule(DEALERS, PUBLIC, 2, min_qty=1)]

    assert told(limits(rules, BUYER, RED_CHAIR))["min"] == (Decimal(20), RuleScope.GROUP)


def test_of_categories_equally_near_the_most_favourable_counts() -> None:
    rules = [a_rule(PUBLIC, SEATS, 1, min_qty=6), a_rule(PUBLIC, SALE, 2, min_qty=3)]

    assert told(limits(rules, BUYER, RED_CHAIR))["min"] == (Decimal(3), RuleScope.CATEGORY)


def test_rules_of_others_and_of_other_goods_say_nothing() -> None:
    rules = [a_rule(BOB, RED, 1, min_qty=6), a_rule(PUBLIC, UUID(int=99), 2, min_qty=6)]

    assert not limits(rules, BUYER, RED_CHAIR)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"min_qty": 10, "multiple": 4}, Bounds(Decimal(12), None, Decimal(4))),
        ({"max_qty": 50, "multiple": 12}, Bounds(Decimal(12), Decimal(48), Decimal(12))),
        ({"min_qty": 48, "multiple": 24}, Bounds(Decimal(48), None, Decimal(24))),
        ({"multiple": "2.5"}, Bounds(Decimal(5), None, Decimal(5))),
        ({"min_qty": "1.2"}, Bounds(Decimal(2), None, ONE)),
        ({}, Bounds(ONE, None, ONE)),
    ],
)
def test_minimum_and_maximum_are_whole_multiples(fields: dict[str, int | str], expected: Bounds) -> None:
    """Minimum 10 by fours is 12, maximum 50 by dozens is 48; pieces are whole whatever the rule says."""
    found = limits([a_rule(PUBLIC, RED, 1, **fields)], BUYER, RED_CHAIR)

    assert bounds(found, ONE) == expected


def test_spree_accepts_48_72_and_96_of_a_minimum_of_48_by_24() -> None:
    left = bounds(limits([a_rule(PUBLIC, RED, 1, min_qty=48, multiple=24)], BUYER, RED_CHAIR), ONE)

    assert [quantity for quantity in range(1, 100) if left.admit(Decimal(quantity))] == [48, 72, 96]


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"min_qty": 10, "max_qty": 11, "multiple": 4}, 3),
        ({"min_qty": 6, "max_qty": 5}, 2),
        ({"max_qty": 5, "multiple": 6}, 2),
        ({"min_qty": 5, "max_qty": 5}, 0),
        ({"min_qty": 6, "period_qty": 5, "period_days": 30}, 2),
        ({"min_qty": 10, "multiple": 4}, 0),
    ],
)
def test_limits_that_leave_nothing_are_seen(fields: dict[str, int], faulty: int) -> None:
    assert len(impossible(limits([a_rule(PUBLIC, RED, 1, **fields)], BUYER, RED_CHAIR))) == faulty


def test_a_products_minimum_is_not_held_against_a_variants_maximum() -> None:
    rules = [a_rule(PUBLIC, CHAIR, 1, min_qty=10, basis="product"), a_rule(PUBLIC, RED, 2, max_qty=5)]

    assert impossible(limits(rules, BUYER, RED_CHAIR)) == []


amounts = st.none() | st.integers(0, 60)
rule_fields = st.fixed_dictionaries({"min_qty": amounts, "max_qty": amounts, "multiple": amounts})
books = st.lists(
    st.tuples(
        st.sampled_from(list(BUYERS)), st.sampled_from([RED, CHAIR, SEATS, SALE, FURNITURE, PUBLIC]), rule_fields
    ),
    max_size=12,
    unique_by=lambda rule: rule[:2],
).map(lambda rules: [a_rule(buyer, target, number, **f) for number, (buyer, target, f) in enumerate(rules, 1)])


@given(books, st.data())
def test_no_limit_depends_on_the_order_of_rules(book: list[QuantityFacts], data: st.DataObject) -> None:
    assert limits(data.draw(st.permutations(book)), BUYER, RED_CHAIR) == limits(book, BUYER, RED_CHAIR)


@given(books)
def test_limits_of_many_goods_are_those_of_each(book: list[QuantityFacts]) -> None:
    places = [RED_CHAIR, Place(None, CHAIR, {SEATS: 0}), Place(None, None, {SALE: 0, FURNITURE: 2}), Place()]

    assert list(limits_of_each(book, BUYER, places)) == [limits(book, BUYER, place) for place in places]


@given(books, st.integers(1, 200), st.sampled_from([ONE, Decimal("0.5"), FINEST]))
def test_what_is_suggested_can_be_ordered(book: list[QuantityFacts], quantity: int, step: Decimal) -> None:
    left = bounds(limits(book, BUYER, RED_CHAIR), step)
    suggested = left.suggest(Decimal(quantity))

    assert (suggested is None) is not left.possible
    assert suggested is None or left.admit(suggested)
    assert not left.admit(Decimal(quantity)) or suggested == quantity
