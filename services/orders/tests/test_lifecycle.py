from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.lifecycle import FULFILMENT, ORDER, PAYMENT, advance, follow
from shared.contracts.orders.orders import IllegalTransition
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentStatus

AXES: list[tuple[Any, Any]] = [
    (ORDER, OrderStatus.DRAFT),
    (PAYMENT, PaymentStatus.AWAITING),
    (FULFILMENT, FulfilmentStatus.UNFULFILLED),
]
MOVES = [(axis, before, after) for axis, _ in AXES for before in axis for after in axis]


@pytest.mark.parametrize(("axis", "start"), AXES)
def test_every_state_can_be_reached_from_the_first(axis: Any, start: Any) -> None:
    reached, new = set(), {start}
    while new:
        reached |= new
        new = {after for before in new for after in axis[before]} - reached

    assert reached == set(type(start)) == set(axis)


@pytest.mark.parametrize(("axis", "before", "after"), MOVES)
def test_a_move_is_made_when_the_table_has_it_and_refused_when_not(axis: Any, before: Any, after: Any) -> None:
    if after in axis[before]:
        assert advance(axis, before, after) is after
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(axis, before, after)
    assert refused.value.details == {"from": before, "to": after, "allowed": sorted(axis[before])}
    assert refused.value.status == 409


def test_a_refusal_says_in_words_what_may_be_done_instead() -> None:
    with pytest.raises(IllegalTransition, match="confirmed cannot become completed; it may become cancelled or proc"):
        advance(ORDER, OrderStatus.CONFIRMED, OrderStatus.COMPLETED)
    with pytest.raises(IllegalTransition, match="cancelled cannot become confirmed; it stays as it is"):
        advance(ORDER, OrderStatus.CANCELLED, OrderStatus.CONFIRMED)


@given(st.sampled_from(AXES), st.data())
def test_a_derived_state_may_stay_where_it_is(axis_and_start: Any, data: st.DataObject) -> None:
    axis, _ = axis_and_start
    state = data.draw(st.sampled_from(sorted(axis)))

    assert follow(axis, state, state) is state


@given(st.sampled_from(AXES), st.data())
def test_no_walk_leaves_an_end_again(axis_and_start: Any, data: st.DataObject) -> None:
    axis, state = axis_and_start
    walk = [state]
    while axis[walk[-1]] and len(walk) < 12:
        walk.append(advance(axis, walk[-1], data.draw(st.sampled_from(sorted(axis[walk[-1]])))))

    assert all(after in axis[before] for before, after in pairwise(walk))
    ends = {state for state in axis if not axis[state]}
    assert ends
    assert not ends & set(walk[:-1])
