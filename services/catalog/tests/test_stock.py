"""Quantities: what lines want in all, what can be taken, what is short."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.stock import (
    MOST,
    Crossing,
    Level,
    Taken,
    as_far_as_there_is,
    check_keeps_promises,
    crossings,
    limit_of,
    received,
    shortage,
    sums,
)
from services.catalog.tests.samples import eur
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.stock import HeldLine, SellAhead, StockPromised
from shared.contracts.catalog.storefront import PriceReason
from shared.kernel.problems import Malformed

A, B = UUID(int=1), UUID(int=2)
quantities = st.decimals(min_value="0.001", max_value=1_000, places=3)


def held(variant_id: UUID, quantity: str) -> HeldLine:
    return HeldLine(
        variant_id=variant_id,
        product_id=variant_id,
        sku=f"sku-{variant_id.int}",
        name="Thing",
        quantity=Decimal(quantity),
        list_price=eur("1"),
        unit_price=eur("1"),
        price_reason=PriceReason.BASE,
        tax_category=TaxCategory.STANDARD,
        commissionable=True,
    )


def test_ST2_two_lines_of_one_variant_count_together() -> None:
    assert sums([(A, Decimal(1)), (B, Decimal(2)), (A, Decimal("0.5"))]) == {A: Decimal("1.5"), B: Decimal(2)}


def test_an_order_that_stands_takes_what_there_is() -> None:
    taken = as_far_as_there_is({A: Decimal(3), B: Decimal(2)}, {A: Decimal(1), B: Decimal(5)})

    assert taken == [Taken(A, Decimal(1), Decimal(2)), Taken(B, Decimal(2), Decimal(0))]


@given(st.dictionaries(st.uuids(), quantities), st.dictionaries(st.uuids(), quantities))
def test_what_is_taken_and_what_is_short_make_up_what_was_wanted(
    wanted: dict[UUID, Decimal], extra: dict[UUID, Decimal]
) -> None:
    available = {id_: quantity / 2 for id_, quantity in wanted.items()} | extra

    for part in as_far_as_there_is(wanted, available):
        assert part.quantity + part.short == wanted[part.variant_id]
        assert 0 <= part.quantity <= available[part.variant_id]


def test_a_shortage_names_every_line_and_what_is_left() -> None:
    lines = [held(A, "3"), held(B, "1"), held(A, "2.5")]

    problem = shortage(lines, sums((line.variant_id, line.quantity) for line in lines), {A: Decimal(5)}, exact=True)

    assert problem.details == {"items": [{"sku": "sku-1", "requested": 5.5, "available": 5}]}
    assert [error.pointer for error in problem.errors] == ["/lines/0/quantity", "/lines/2/quantity"]
    assert "sku-1" in problem.detail
    assert "sku-2" not in problem.detail


def test_a_shortage_gives_no_figure_to_who_is_shown_none() -> None:
    problem = shortage([held(A, "3")], {A: Decimal(3)}, {A: Decimal(2)}, exact=False)

    assert problem.details == {"items": [{"sku": "sku-1", "requested": 3}]}
    assert [(error.pointer, error.message) for error in problem.errors] == [
        ("/lines/0/quantity", "There are not so many left.")
    ]
    assert not any(character.isdigit() for character in problem.detail.replace("sku-1", ""))


def test_more_than_can_be_kept_is_not_received() -> None:
    assert received(MOST - 1, Decimal(1)) == MOST
    with pytest.raises(Malformed) as refused:
        received(MOST, Decimal("0.001"))
    assert refused.value.errors[0].pointer == "/quantity"


def level(on_hand: int, reserved: int, ahead: SellAhead = SellAhead.NONE, limit: int | None = 0) -> Level:
    ahead_limit = None if limit is None else Decimal(limit)
    return Level(A, "chair", Decimal(on_hand), Decimal(reserved), ahead, ahead_limit, None, 1)


@pytest.mark.parametrize(
    ("stock", "available", "promisable"),
    [
        (level(5, 2), 3, 3),
        (level(5, 5), 0, 0),
        (level(5, 2, SellAhead.BACK_ORDER, 4), 3, 7),
        (level(5, 9, SellAhead.BACK_ORDER, 4), -4, 0),
        (level(0, 0, SellAhead.PRE_ORDER, 10), 0, 10),
        (level(5, 2, SellAhead.BACK_ORDER, None), 3, MOST - 2),
        (level(5, 2, SellAhead.NONE, 4), 3, 3),
    ],
)
def test_what_may_be_promised_is_what_is_left_and_what_may_go_ahead(
    stock: Level, available: Decimal, promisable: Decimal
) -> None:
    assert (stock.available, stock.promisable) == (available, promisable)


def test_nothing_goes_ahead_where_nothing_is_sold_ahead() -> None:
    assert limit_of(SellAhead.NONE, None) == 0
    assert limit_of(SellAhead.BACK_ORDER, None) is None
    assert limit_of(SellAhead.BACK_ORDER, Decimal(3)) == 3


def test_stock_that_cannot_keep_its_promises_is_refused_with_the_figures() -> None:
    check_keeps_promises(level(3, 5, SellAhead.BACK_ORDER, 2))
    with pytest.raises(StockPromised) as refused:
        check_keeps_promises(level(2, 5, SellAhead.BACK_ORDER, 2))
    assert refused.value.details == {"sku": "chair", "reserved": 5, "promisable_in_all": 4}


@pytest.mark.parametrize(
    ("before", "after", "low_at", "told"),
    [
        (10, 6, 5, []),
        (10, 5, 5, [Crossing.RAN_LOW]),
        (5, 4, 5, []),
        (4, 5, 5, []),
        (10, 0, 5, [Crossing.RAN_LOW, Crossing.RAN_OUT]),
        (10, 0, None, [Crossing.RAN_OUT]),
        (1, -3, None, [Crossing.RAN_OUT]),
        (0, -3, 0, []),
        (1, 0, 0, [Crossing.RAN_LOW, Crossing.RAN_OUT]),
        (-3, 0, 5, []),
        (-3, 2, 5, [Crossing.CAME_BACK]),
        (0, 9, 5, [Crossing.CAME_BACK]),
        (3, 3, 5, []),
    ],
)
def test_people_are_told_once_when_a_line_is_crossed(
    before: int, after: int, low_at: int | None, told: list[Crossing]
) -> None:
    assert crossings(Decimal(before), Decimal(after), None if low_at is None else Decimal(low_at)) == told
