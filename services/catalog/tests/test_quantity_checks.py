"""Whether the quantities of an order can be taken: sums over lines, periods, units, and what is suggested."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.quantities import Limits, Place, QuantityFacts, limits
from services.catalog.domain.quantity_checks import Broken, Wanted, check, periods, refusal
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.rules import BuyerScope, QuantityBasis, QuantityField, RuleScope
from shared.kernel.problems import Problem

RED, BLUE, CHAIR = UUID(int=1), UUID(int=2), UUID(int=3)
RULE = UUID(int=1001)


def limited(*variant_ids: UUID, **fields: Any) -> dict[UUID, Limits]:
    """Return the limits of these variants where one rule about their product sets these fields."""
    days, basis = fields.pop("period_days", None), fields.pop("basis", QuantityBasis.VARIANT)
    amounts = {name: Decimal(value) for name, value in fields.items()}
    rule = QuantityFacts(
        RULE, 1, BuyerScope.EVERYONE, PUBLIC, Scope.PRODUCT, CHAIR, period_days=days, basis=basis, **amounts
    )
    return {variant_id: limits([rule], Viewer(), Place(variant_id, CHAIR)) for variant_id in variant_ids}


def line(variant_id: UUID, quantity: str | int, decimals: int = 0) -> Wanted:
    return Wanted("red" if variant_id == RED else "blue", variant_id, CHAIR, Decimal(quantity), decimals)


def told(found: list[Broken]) -> list[tuple[int, str, Decimal | None]]:
    return [(one.line, one.field.value, one.suggested_qty) for one in found]


def test_q5_50_of_a_minimum_of_48_by_24_suggests_72() -> None:
    (broken,) = check([line(RED, 50)], limited(RED, min_qty=48, multiple=24), {})

    assert (broken.field, broken.rule, broken.scope) == (QuantityField.MULTIPLE, RULE, RuleScope.PRODUCT)
    assert (broken.suggested_qty, broken.min, broken.multiple) == (Decimal(72), Decimal(48), Decimal(24))


def test_q6_two_lines_of_one_variant_count_together() -> None:
    found = check([line(RED, 3), line(RED, 3)], limited(RED, max_qty=5), {})

    assert told(found) == [(0, "max_qty", Decimal(5)), (1, "max_qty", Decimal(5))]
    assert {one.quantity for one in found} == {Decimal(6)}


@pytest.mark.parametrize(
    ("quantity", "fields", "expected"),
    [
        (10, {"min_qty": 10, "multiple": 4}, ("min_qty", 12)),
        (12, {"min_qty": 10, "multiple": 4}, None),
        (50, {"max_qty": 50, "multiple": 12}, ("multiple", 48)),
        (60, {"max_qty": 50, "multiple": 12}, ("max_qty", 48)),
        (48, {"max_qty": 50, "multiple": 12}, None),
        (9, {"min_qty": 10, "max_qty": 11, "multiple": 4}, ("min_qty", None)),
        (5, {}, None),
    ],
)
def test_the_nearest_above_else_below_is_suggested(
    quantity: int, fields: Mapping[str, int], expected: tuple[str, int | None] | None
) -> None:
    found = check([line(RED, quantity)], limited(RED, **fields), {})

    assert [(one.field.value, one.suggested_qty) for one in found] == ([expected] if expected else [])


def test_a_limit_of_the_product_counts_all_its_variants() -> None:
    limited_both = limited(RED, BLUE, basis=QuantityBasis.PRODUCT, min_qty=10, multiple=5)

    assert check([line(RED, 6), line(BLUE, 4)], limited_both, {}) == []
    assert told(check([line(RED, 6), line(BLUE, 6)], limited_both, {})) == [
        (0, "multiple", Decimal(15)),
        (1, "multiple", Decimal(15)),
    ]
    assert told(check([line(RED, 6)], limited_both, {})) == [(0, "min_qty", Decimal(10))]


def test_a_limit_of_the_variant_leaves_other_variants_alone() -> None:
    found = check([line(RED, 6), line(BLUE, 4)], limited(RED, BLUE, min_qty=5), {})

    assert told(found) == [(1, "min_qty", Decimal(5))]


def test_what_was_ordered_within_the_period_counts() -> None:
    given = limited(RED, period_qty=10, period_days=30)

    assert periods(given) == {RED: 30}
    assert check([line(RED, 4)], given, {RED: Decimal(6)}) == []
    assert told(check([line(RED, 5)], given, {RED: Decimal(6)})) == [(0, "period_qty", Decimal(4))]
    assert told(check([line(RED, 1)], given, {RED: Decimal(12)})) == [(0, "period_qty", None)]


def test_a_period_of_the_product_counts_what_was_ordered_of_it() -> None:
    given = limited(RED, BLUE, basis=QuantityBasis.PRODUCT, period_qty=10, period_days=30)

    assert told(check([line(RED, 5)], given, {CHAIR: Decimal(6)})) == [(0, "period_qty", Decimal(4))]
    found = check([line(RED, 3), line(BLUE, 2)], given, {CHAIR: Decimal(6)})
    assert told(found) == [(0, "period_qty", Decimal(4)), (1, "period_qty", Decimal(4))]


def test_pieces_are_whole_and_metres_are_not() -> None:
    assert told(check([line(RED, "2.5")], {}, {})) == [(0, "decimals", Decimal(3))]
    assert check([line(RED, "2.5", decimals=1)], {}, {}) == []
    assert told(check([line(RED, "2.25", decimals=1)], limited(RED, multiple="0.5"), {})) == [
        (0, "decimals", Decimal("2.5"))
    ]
    halves = check([line(RED, "0.5"), line(RED, "0.5")], {}, {})
    assert told(halves) == [(0, "decimals", Decimal(1)), (1, "decimals", Decimal(1))]


def test_the_refusal_names_each_line_and_what_to_order() -> None:
    problem = refusal(check([line(BLUE, 1), line(RED, 50)], limited(RED, min_qty=48, multiple=24), {}))

    document = Problem.from_dict(problem.to_dict()).to_dict()
    assert (document["code"], document["status"]) == ("QTY_RULE", 422)
    (error,) = document["errors"]
    assert (error["pointer"], error["code"]) == ("/lines/1/quantity", "QTY_RULE")
    assert "72" in error["message"]
    (item,) = document["details"]["items"]
    assert item == {
        "line": 1,
        "sku": "red",
        "field": "multiple",
        "rule": str(RULE),
        "scope": "product",
        "quantity": 50,
        "min": 48,
        "max": None,
        "multiple": 24,
        "suggested_qty": 72,
    }


fields = st.fixed_dictionaries(
    {}, optional={name: st.integers(1, 60) for name in ("min_qty", "max_qty", "multiple")}
) | st.fixed_dictionaries({"period_qty": st.integers(1, 60), "period_days": st.just(30)})
quantities = st.lists(st.integers(1, 70), min_size=1, max_size=4)


@given(fields, quantities, st.data())
def test_no_answer_depends_on_the_order_of_lines(
    given_: dict[str, int], wanted: list[int], data: st.DataObject
) -> None:
    lines = [line(RED, quantity) for quantity in wanted]
    shuffled = data.draw(st.permutations(lines))

    one, other = (check(asked, limited(RED, **given_), {}) for asked in (lines, shuffled))

    assert [(a.quantity, a.field, a.suggested_qty) for a in one] == [
        (b.quantity, b.field, b.suggested_qty) for b in other
    ]


@given(fields, st.integers(1, 70), st.integers(0, 20), st.sampled_from(list(QuantityBasis)))
def test_what_is_suggested_is_taken(given_: dict[str, int], wanted: int, before: int, basis: QuantityBasis) -> None:
    limits_, taken = limited(RED, basis=basis, **given_), {RED: Decimal(before), CHAIR: Decimal(before)}
    broken = check([line(RED, wanted)], limits_, taken)
    assume(broken)

    suggested = broken[0].suggested_qty

    assert suggested is None or check([line(RED, str(suggested))], limits_, taken) == []
