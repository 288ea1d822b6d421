from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agents.domain.ledger import Movement, Posting, Rule, earn, movements, take_back
from services.agents.tests.samples import euros
from shared.contracts.agents.commissions import EntryKind

A, B = UUID(int=1), UUID(int=2)
K = EntryKind


def posted(agent_id: UUID, amount: str, level: int = 0, kind: EntryKind = K.ACCRUED) -> Posting:
    return Posting(agent_id, level, kind, Decimal(5), euros(amount), euros(amount))


SALE = [posted(B, "5.00"), posted(A, "0.50", level=1)]


def kinds(postings: Sequence[Posting]) -> list[tuple[UUID, EntryKind, Decimal]]:
    return [(one.agent_id, one.kind, one.amount.amount) for one in postings]


def test_a_paid_sale_makes_everyones_share_their_own() -> None:
    assert kinds(earn(SALE)) == [(B, K.EARNED, Decimal("5.00")), (A, K.EARNED, Decimal("0.50"))]


def test_a_sale_cancelled_before_it_is_paid_takes_back_what_was_accrued() -> None:
    taken = take_back(SALE)

    assert kinds(taken) == [(B, K.CANCELLED, Decimal("-5.00")), (A, K.CANCELLED, Decimal("-0.50"))]
    assert [one.basis for one in taken] == [-one.basis for one in SALE]


def test_a_sale_cancelled_after_it_was_paid_takes_back_what_was_earned() -> None:
    taken = take_back([*SALE, *earn(SALE)])

    assert kinds(taken) == [(B, K.REVERSED, Decimal("-5.00")), (A, K.REVERSED, Decimal("-0.50"))]


@pytest.mark.parametrize(("first", "second"), [(earn, earn), (take_back, take_back), (take_back, earn)])
def test_nothing_happens_twice_and_nothing_is_earned_once_taken_back(first: Rule, second: Rule) -> None:
    entered = [*SALE, *first(SALE)]

    assert second(entered) == []


def test_the_same_agent_may_stand_at_two_levels_of_two_sales_shares() -> None:
    entered = [posted(A, "5.00"), posted(A, "0.50", level=1), posted(A, "5.00", kind=K.EARNED)]

    assert kinds(earn(entered)) == [(A, K.EARNED, Decimal("0.50"))]


def test_movements_are_summed_by_agent_and_come_in_id_order() -> None:
    entered = [*SALE, posted(A, "1.00")]

    assert movements(entered) == [Movement(A, Decimal("1.50"), Decimal(0)), Movement(B, Decimal("5.00"), Decimal(0))]
    assert movements(earn(SALE)) == [
        Movement(A, Decimal("-0.50"), Decimal("0.50")),
        Movement(B, Decimal("-5.00"), Decimal("5.00")),
    ]
    assert movements([]) == []


@given(steps=st.lists(st.sampled_from([earn, take_back]), max_size=6))
def test_whatever_happens_to_a_sale_its_balances_are_never_below_zero(steps: list[Rule]) -> None:
    entered = list(SALE)
    for step in steps:
        entered += step(entered)
        for movement in movements(entered):
            assert movement.accrued >= 0
            assert movement.earned >= 0

    if take_back in steps:
        assert all(movement.accrued == movement.earned == 0 for movement in movements(entered))
    elif steps:
        assert all(movement.accrued == 0 < movement.earned for movement in movements(entered))
