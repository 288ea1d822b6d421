"""Which warehouse keeps what for which order: by priority, the oldest orders first."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.allocations import Kept, Need, Shelf, displaced, news, place, uncrowded

CHAIR, TABLE = UUID(int=1), UUID(int=2)
NEAR, FAR, OLD = UUID(int=13), UUID(int=12), UUID(int=11)
FIRST, SECOND = UUID(int=21), UUID(int=22)
YEAR = {NEAR: 2025, FAR: 2025, OLD: 2024}
pieces = st.integers(min_value=0, max_value=50).map(Decimal)


def shelf(warehouse: UUID, on_hand: int, *, allocated: int = 0, priority: int = 0, of: UUID = CHAIR) -> Shelf:
    since = datetime(YEAR[warehouse], 1, 1, tzinfo=UTC)
    return Shelf(of, warehouse, priority, since, Decimal(on_hand), Decimal(allocated))


def need(order: UUID, waits: int, short: int = 0, of: UUID = CHAIR) -> Need:
    return Need(order, of, Decimal(waits), Decimal(short))


def kept(order: UUID, warehouse: UUID, quantity: int, of: UUID = CHAIR) -> Kept:
    return Kept(order, of, warehouse, Decimal(quantity))


def test_the_warehouse_of_highest_priority_gives_first_and_the_next_what_is_missing() -> None:
    (filled,) = place([need(FIRST, 5)], [shelf(FAR, 9, priority=1), shelf(NEAR, 3, priority=2)], {})

    assert filled.kept == (kept(FIRST, NEAR, 3), kept(FIRST, FAR, 2))
    assert (filled.got, filled.waits, filled.left) == (5, 0, 0)


def test_of_equal_priority_the_oldest_gives_first_then_the_lowest_id() -> None:
    shelves = [shelf(NEAR, 1), shelf(FAR, 1), shelf(OLD, 1)]

    assert [part.warehouse_id for part in place([need(FIRST, 3)], shelves, {})[0].kept] == [OLD, FAR, NEAR]


def test_what_is_kept_for_others_is_not_given_again() -> None:
    (filled,) = place([need(FIRST, 5)], [shelf(NEAR, 6, allocated=4)], {})

    assert (filled.kept, filled.waits) == ((kept(FIRST, NEAR, 2),), 3)


def test_orders_get_goods_in_the_order_given() -> None:
    first, second = place([need(FIRST, 3), need(SECOND, 3)], [shelf(NEAR, 4)], {})

    assert (first.got, first.waits, second.got, second.waits) == (3, 0, 1, 2)


def test_goods_of_another_variant_are_none() -> None:
    first, second = place([need(FIRST, 1), need(FIRST, 1, of=TABLE)], [shelf(NEAR, 5, of=TABLE)], {})

    assert (first.got, second.got) == (0, 1)


def test_what_was_short_is_promised_before_it_is_given() -> None:
    first, second = place([need(FIRST, 0, short=3), need(SECOND, 0, short=3)], [shelf(NEAR, 9)], {CHAIR: Decimal(4)})

    assert (first.promised, first.got, first.left) == (3, 3, 0)
    assert (second.promised, second.got, second.left) == (1, 1, 2)


def test_what_may_not_be_promised_is_not_given_though_it_is_there() -> None:
    """It is promised to placements that have not been confirmed yet."""
    (filled,) = place([need(FIRST, 0, short=3)], [shelf(NEAR, 9)], {CHAIR: Decimal(0)})

    assert (filled.promised, filled.got, filled.left) == (0, 0, 3)


@given(st.lists(st.tuples(pieces, pieces)), st.lists(st.tuples(pieces, pieces, st.integers(-2, 2))), pieces)
def test_nothing_is_given_that_is_not_free_and_nothing_free_is_left_while_an_order_waits(
    wanted: list[tuple[Decimal, Decimal]], there: list[tuple[Decimal, Decimal, int]], promisable: Decimal
) -> None:
    since = datetime(2025, 1, 1, tzinfo=UTC)
    shelves = [
        Shelf(CHAIR, UUID(int=100 + index), rank, since, on_hand, allocated)
        for index, (on_hand, allocated, rank) in enumerate(there)
    ]
    needs = [Need(UUID(int=index), CHAIR, waits, short) for index, (waits, short) in enumerate(wanted)]

    filled = place(needs, shelves, {CHAIR: promisable})

    assert filled == place(needs, list(reversed(shelves)), {CHAIR: promisable})
    given_away = sum((each.got for each in filled), Decimal(0))
    assert given_away <= sum((each.free for each in shelves), Decimal(0))
    assert sum((each.promised for each in filled), Decimal(0)) <= promisable
    assert given_away == sum((each.free for each in shelves), Decimal(0)) or not any(each.waits for each in filled)
    assert all(each.waits >= 0 and each.got <= each.need.waits + each.promised for each in filled)


def test_the_newest_orders_give_way_where_a_warehouse_has_too_little_left() -> None:
    crowded = [shelf(NEAR, 2, allocated=6)]

    assert displaced(crowded, [kept(SECOND, NEAR, 3), kept(FIRST, NEAR, 3)]) == [
        kept(SECOND, NEAR, 3),
        kept(FIRST, NEAR, 1),
    ]
    assert [(each.free, each.excess) for each in uncrowded(crowded)] == [(0, 0)]


def test_goods_that_only_changed_their_warehouse_are_no_news() -> None:
    filled = place([need(FIRST, 2), need(SECOND, 3)], [shelf(FAR, 5)], {})

    told = dict(news(filled, [kept(FIRST, NEAR, 2), kept(SECOND, NEAR, 1)]))

    assert [(each.need.order_id, gain) for each, gain in told[CHAIR]] == [(SECOND, 2)]
    assert dict(news(filled[:1], [kept(FIRST, NEAR, 2)])) == {}
