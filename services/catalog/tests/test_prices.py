"""One computation of a price: the worked examples of rules 3.1, and what must hold whatever the facts."""

from decimal import Decimal
from itertools import islice, permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.pricing.facts import Base, Goods, Level, ListFacts, Policy, Quantities, RowFacts
from services.catalog.domain.pricing.resolve import resolve
from services.catalog.domain.promotions import PromotionFacts
from shared.contracts.catalog.price_lists import AdjustmentKind, PriceMode, Reference, Scope, TierBasis
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.ids import new_id

VARIANT, PRODUCT, CHAIRS, FURNITURE = new_id(), new_id(), new_id(), new_id()
TARGETS = {Scope.VARIANT: VARIANT, Scope.PRODUCT: PRODUCT, Scope.CATEGORY: CHAIRS, Scope.ALL: UUID(int=0)}
STANDARD, LOWEST, UNCAPPED = Policy(), Policy(lowest=True), Policy(cap_at_public=False)
NUMBERS = iter(range(1, 10**9))


def a_list(level: Level, **facts: Any) -> ListFacts:
    number = next(NUMBERS)
    return ListFacts(
        **{"id": new_id(), "number": number, "version": 1, "name": f"list {number}", "level": level} | facts
    )


def a_row(to: ListFacts, value: str, scope: Scope = Scope.VARIANT, **facts: Any) -> RowFacts:
    made = {"number": next(NUMBERS), "list": to, "scope": scope, "target_id": TARGETS[scope], "value": Decimal(value)}
    facts = {key: Decimal(fact) if key in ("min_qty", "max_qty") else fact for key, fact in facts.items()}
    return RowFacts(**made | facts)


def off(to: ListFacts, percent: str, scope: Scope = Scope.ALL, **facts: Any) -> RowFacts:
    return a_row(to, percent, scope, kind=AdjustmentKind.PERCENT_OFF, **facts)


def a_sale(percent: str, **facts: Any) -> PromotionFacts:
    made = {"id": new_id(), "number": next(NUMBERS), "name": "sale", "priority": 0, "exclusive": False}
    what = {"kind": AdjustmentKind.PERCENT_OFF, "value": Decimal(percent), "currency": None, "scope": Scope.ALL}
    return PromotionFacts(**made | what | {"target_ids": frozenset()} | facts)


def goods(
    *rows: RowFacts, base: str | None = "100", promotions: tuple[PromotionFacts, ...] = (), **facts: Any
) -> Goods:
    amounts = {key: Decimal(facts.pop(key)) for key in ("original", "floor") if key in facts}
    price = Base(Decimal(base), **amounts) if base else None
    return Goods(VARIANT, PRODUCT, price, {CHAIRS: 0, FURNITURE: 1}, rows=rows, promotions=promotions, **facts)


def costs(found: Goods, quantity: str = "1", policy: Policy = STANDARD, currency: str = "EUR", **of: Any) -> Decimal:
    price = resolve(found, currency, policy, Quantities(Decimal(quantity), **of))
    assert price.unit_price is not None
    return price.unit_price.amount


GROUP, CONTRACT = a_list(Level.GROUP), a_list(Level.CONTRACT)


def test_p1_the_most_specific_level_wins_or_the_lowest_price_where_the_shop_says_so() -> None:
    tiers = [a_row(GROUP, price, min_qty=least) for price, least in (("80", "1"), ("75", "10"), ("70", "50"))]
    found = goods(*tiers, a_row(CONTRACT, "78"))

    assert costs(found, "10") == Decimal("78.00")
    assert costs(found, "10", LOWEST) == Decimal("75.00")


def test_p2_an_explicit_price_beats_the_groups_percentage_and_both_never_count() -> None:
    assert costs(goods(off(GROUP, "10"), a_row(GROUP, "92"))) == Decimal("92.00")


def test_p3_a_member_never_pays_more_than_a_visitor_unless_the_shop_says_so() -> None:
    found = goods(a_row(GROUP, "85"), promotions=(a_sale("20"),))

    assert costs(found) == Decimal("80.00")
    assert costs(found, policy=UNCAPPED) == Decimal("85.00")


def test_p4_the_unit_price_is_rounded_half_up() -> None:
    unit = costs(goods(off(GROUP, "15"), base="12.99"), "3")

    assert unit == Decimal("11.04")
    assert unit * 3 == Decimal("33.12")


def test_p5_of_two_groups_the_lower_price_unless_one_has_priority() -> None:
    b = a_row(a_list(Level.GROUP), "88")

    assert costs(goods(a_row(a_list(Level.GROUP), "90"), b)) == Decimal("88.00")
    assert costs(goods(a_row(a_list(Level.GROUP, priority=10), "90"), b)) == Decimal("90.00")


@pytest.mark.parametrize(("basis", "unit"), [(TierBasis.VARIANT, "10.00"), (TierBasis.PRODUCT, "9.00")])
def test_p6_a_tier_looks_at_the_variant_or_at_its_product(basis: TierBasis, unit: str) -> None:
    tiers = a_list(Level.GROUP, basis=basis)
    red = goods(a_row(tiers, "10"), a_row(tiers, "9", min_qty="10"), base="20")

    assert costs(red, "6", product=Decimal(12)) == Decimal(unit)


@pytest.mark.parametrize(("items", "unit"), [("99", "100.00"), ("100", "90.00")])
def test_q4_ten_percent_from_a_hundred_items_in_the_cart(items: str, unit: str) -> None:
    wholesale = a_list(Level.GROUP, basis=TierBasis.CART)

    assert costs(goods(off(wholesale, "10", min_qty="100")), "60", cart=Decimal(items)) == Decimal(unit)


def test_p8_nothing_is_converted() -> None:
    price = resolve(goods(base=None), "USD", Policy())

    assert (price.unit_price, price.reason) == (None, PriceReason.PRICE_UNAVAILABLE)


def test_p10_the_nearest_company_with_a_contract_counts() -> None:
    parent, child = a_list(Level.CONTRACT, nearness=2), a_list(Level.CONTRACT, nearness=1)

    assert costs(goods(a_row(parent, "60"))) == Decimal("60.00")
    assert costs(goods(a_row(parent, "60"), a_row(child, "70"))) == Decimal("70.00")


def test_inside_a_list_the_narrowest_scope_wins_and_the_nearest_category() -> None:
    far = off(GROUP, "50", Scope.CATEGORY, target_id=FURNITURE)
    rows = [
        off(GROUP, "40"),
        far,
        off(GROUP, "30", Scope.CATEGORY),
        off(GROUP, "20", Scope.PRODUCT),
        off(GROUP, "10", Scope.VARIANT),
    ]

    assert [costs(goods(*rows[:count])) for count in range(1, 6)] == [60, 50, 70, 80, 90]


def test_a_quote_is_locked_for_its_quantities_and_is_not_capped() -> None:
    quote = a_row(a_list(Level.QUOTE), "120", min_qty="5", max_qty="10")

    assert [costs(goods(quote), quantity) for quantity in ("4", "5", "10", "11")] == [100, 120, 120, 100]


def test_a_percentage_is_of_the_base_price_unless_it_says_of_the_level_below() -> None:
    group = a_row(GROUP, "80")

    assert costs(goods(group, off(CONTRACT, "10"))) == Decimal("90.00")
    assert costs(goods(group, off(CONTRACT, "10", reference=Reference.LOWER_LEVEL))) == Decimal("72.00")


def test_a_sale_stacks_on_a_list_that_says_so_only() -> None:
    sale = (a_sale("10"),)

    assert costs(goods(a_row(GROUP, "50"), promotions=sale)) == Decimal("50.00")
    assert costs(goods(a_row(a_list(Level.GROUP, stackable=True), "50"), promotions=sale)) == Decimal("45.00")


def test_no_rule_goes_below_the_floor() -> None:
    assert costs(goods(off(GROUP, "50"), floor="70")) == Decimal("70.00")
    assert costs(goods(promotions=(a_sale("50"),), floor="70")) == Decimal("70.00")
    assert costs(goods(off(GROUP, "50"), cost=Decimal(60)), policy=Policy(min_margin=Decimal(10))) == Decimal("66.00")


def test_amounts_off_stop_at_nothing() -> None:
    assert costs(goods(a_row(GROUP, "150", kind=AdjustmentKind.AMOUNT_OFF))) == Decimal("0.00")


@pytest.mark.parametrize(("quantity", "price"), [("0.5", "78"), ("1", "78"), ("10", "70")])
def test_less_than_one_unit_counts_as_one_for_tiers(quantity: str, price: str) -> None:
    contract = a_list(Level.CONTRACT)

    found = goods(a_row(contract, "78"), a_row(contract, "70", min_qty="10"))

    assert costs(found, quantity) == Decimal(price)


def test_of_two_rows_of_a_target_and_quantity_the_older_counts_in_any_order() -> None:
    contract = a_list(Level.CONTRACT)
    older, newer = a_row(contract, "78"), a_row(contract, "70")

    assert costs(goods(older, newer)) == costs(goods(newer, older)) == Decimal(78)


@pytest.mark.parametrize(("quantity", "price"), [("0.5", "90"), ("0.6", "100")])
def test_a_quote_for_less_than_one_unit_counts_for_no_more(quantity: str, price: str) -> None:
    quote = a_row(a_list(Level.QUOTE), "90", min_qty="0.1", max_qty="0.5")

    assert costs(goods(quote), quantity) == Decimal(price)


def test_a_list_with_tax_in_its_prices_never_meets_one_without() -> None:
    assert costs(goods(a_row(a_list(Level.GROUP, mode=PriceMode.GROSS), "50"))) == Decimal("100.00")


def test_a_sale_announces_what_the_goods_cost_before() -> None:
    price = resolve(goods(promotions=(a_sale("20"),)), "EUR", Policy())

    assert price.original is not None
    assert (price.original.amount, price.reason) == (Decimal("100.00"), PriceReason.PROMOTION)


AMOUNTS = st.decimals(0, 200, places=2)
QUANTITIES = st.integers(1, 100)


@st.composite
def rows(draw: st.DrawFn) -> list[RowFacts]:
    levels = st.sampled_from([Level.QUOTE, Level.CONTRACT, Level.GROUP, Level.MARKET])
    lists = [
        a_list(draw(levels), priority=draw(st.integers(0, 2)), stackable=draw(st.booleans()))
        for _ in range(draw(st.integers(0, 4)))
    ]
    kinds, scopes = st.sampled_from(list(AdjustmentKind)), st.sampled_from(list(Scope))
    return [
        a_row(to, str(draw(st.integers(0, 100))), draw(scopes), kind=draw(kinds), min_qty=str(draw(QUANTITIES)))
        for to in lists
        for _ in range(draw(st.integers(1, 3)))
    ]


@given(rows(), QUANTITIES, st.booleans())
def test_no_answer_depends_on_the_order_of_rows(drawn: list[RowFacts], quantity: int, lowest: bool) -> None:
    answers = {costs(goods(*some), str(quantity), Policy(lowest=lowest)) for some in islice(permutations(drawn), 6)}

    assert len(answers) == 1


@given(rows(), QUANTITIES, st.integers(0, 100), st.booleans())
def test_a_member_never_pays_more_than_a_visitor(drawn: list[RowFacts], quantity: int, sale: int, lowest: bool) -> None:
    own = [row for row in drawn if row.list.level is not Level.QUOTE]
    everyones = [row for row in own if row.list.level is Level.MARKET]
    promotions = (a_sale(str(sale)),)
    policy = Policy(lowest=lowest)

    member = costs(goods(*own, promotions=promotions), str(quantity), policy)
    assert member <= costs(goods(*everyones, promotions=promotions), str(quantity), policy)


@given(rows(), QUANTITIES, AMOUNTS)
def test_no_quantity_costs_less_than_the_floor(drawn: list[RowFacts], quantity: int, floor: Decimal) -> None:
    automatic = [row for row in drawn if row.list.level is not Level.QUOTE]

    least = min(floor, Decimal(100))
    assert costs(goods(*automatic, floor=str(floor), promotions=(a_sale("30"),)), str(quantity)) >= least
