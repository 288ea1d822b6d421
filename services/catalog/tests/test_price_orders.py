"""Products by price, packed: every page, range and direction is what sorting the products themselves gives."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.price_orders import DEAREST, Priced, PriceOrder, packed, unpacked
from services.catalog.domain.searching import as_amount, as_rank

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=3, places=2) | st.decimals(min_value=0, max_value=1, places=4)
PRODUCTS = st.lists(st.builds(Priced, st.uuids(), AMOUNTS), unique_by=lambda one: one.id, max_size=30)
BOUNDS = st.none() | st.decimals(min_value=-1, max_value=4, places=5)


def ordered(products: list[Priced], *, falling: bool = False) -> list[Priced]:
    """Return products by price, then by id, in either direction; what has no price comes last in both."""
    priced = sorted((one for one in products if one.amount is not None), key=lambda one: (one.amount, one.id.bytes))
    unpriced = sorted((one for one in products if one.amount is None), key=lambda one: one.id.bytes)
    return (priced[::-1] if falling else priced) + unpriced


def of(products: list[Priced], halves: int = 2) -> PriceOrder:
    """Return an order of which one part was in order already."""
    first, rest = products[::halves], [one for one in products if one not in products[::halves]]
    return PriceOrder.merged(b"".join(sorted(map(packed, first))), map(packed, rest))


@given(PRODUCTS, st.integers(min_value=1, max_value=3))
def test_an_order_holds_every_product_by_price_then_id(products: list[Priced], halves: int) -> None:
    assert [unpacked(entry) for entry in of(products, halves)] == ordered(products)


@given(PRODUCTS, st.integers(min_value=1, max_value=7), st.booleans())
def test_its_pages_hold_everything_once(products: list[Priced], limit: int, falling: bool) -> None:
    order, paged = of(products), list[Priced]()
    while page := order.page(paged[-1] if paged else None, limit, falling=falling):
        paged += page

    assert paged == ordered(products, falling=falling)


@given(PRODUCTS, PRODUCTS, st.integers(min_value=0, max_value=29), st.booleans())
def test_what_stays_as_it_is_stands_on_one_page_whatever_else_changes(
    products: list[Priced], others: list[Priced], place: int, falling: bool
) -> None:
    taken = {one.id for one in products}
    others = [one for one in others if one.id not in taken]
    before = ordered(products, falling=falling)[: place + 1]
    kept = products[::2]

    after = of([*kept, *others]).page(before[-1] if before else None, 100, falling=falling)

    assert {one for one in (*before, *after) if one in kept} == set(kept)
    assert not {one for one in after if one in before}


@given(PRODUCTS, BOUNDS, BOUNDS)
def test_a_range_holds_what_costs_no_less_and_no_more(
    products: list[Priced], least: Decimal | None, most: Decimal | None
) -> None:
    found = of(products).between(least, most)

    expected = [
        one
        for one in ordered(products)
        if (least is None and most is None)
        or (one.amount is not None and (least is None or one.amount >= least) and (most is None or one.amount <= most))
    ]
    assert [unpacked(entry) for entry in found] == expected
    priced = [one.amount for one in expected if one.amount is not None]
    assert found.bounds == ((min(priced), max(priced)) if priced else None)


@pytest.mark.parametrize("amount", ["1E+900", "999999999999999999.99", "-1E+900"])
def test_no_amount_is_too_large_to_be_asked_for(amount: str) -> None:
    order = of([Priced(UUID(int=1), Decimal("10")), Priced(UUID(int=2), None)])

    assert len(order.between(Decimal(amount), None)) == (1 if amount.startswith("-") else 0)
    assert len(order.between(None, Decimal(amount))) == (0 if amount.startswith("-") else 1)


def test_the_dearest_price_that_a_database_keeps_comes_before_none() -> None:
    dearest = Priced(UUID(int=2), Decimal("99999999999999.9999"))

    assert dearest.amount is not None
    assert dearest.amount < DEAREST
    assert unpacked(of([Priced(UUID(int=1), None), dearest])[0]) == dearest


@given(st.floats(min_value=0, max_value=99, width=32))
def test_a_rank_is_kept_as_finely_as_it_counts(rank: float) -> None:
    kept = as_rank(unpacked(packed(Priced(UUID(int=1), as_amount(rank)))).amount)

    assert abs(kept - rank) < 1e-12
    assert as_amount(kept) == as_amount(rank)
    assert as_amount(float(str(kept))) == as_amount(rank)
