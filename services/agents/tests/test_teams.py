from uuid import UUID

import pytest

from services.agents.domain.attribution import check_order
from services.agents.domain.bounds import in_force
from services.agents.domain.teams import check_place
from shared.contracts.agents.agents import TeamCycle, TeamTooDeep
from shared.contracts.agents.settings import Attribution
from shared.kernel.problems import Malformed

ME, BOSS, CHIEF, OWNER = (UUID(int=n) for n in range(1, 5))


def test_nobody_stands_above_themselves() -> None:
    with pytest.raises(TeamCycle):
        check_place(ME, [ME], 1, 0)
    with pytest.raises(TeamCycle):
        check_place(ME, [BOSS, ME, CHIEF], 2, 0)


@pytest.mark.parametrize(
    ("above", "height", "max_levels", "allowed"),
    [
        ([], 1, 1, True),
        ([], 3, 3, True),
        ([], 4, 3, False),
        ([BOSS], 2, 3, True),
        ([BOSS, CHIEF], 1, 3, True),
        ([BOSS, CHIEF], 2, 3, False),
        ([BOSS, CHIEF, OWNER], 1, 3, False),
        ([BOSS, CHIEF, OWNER], 9, 0, True),
        ([BOSS], 1, 1, False),
    ],
)
def test_a_team_is_no_deeper_than_the_shop_allows(
    above: list[UUID], height: int, max_levels: int, allowed: bool
) -> None:
    if allowed:
        check_place(ME, above, height, max_levels)
        return
    with pytest.raises(TeamTooDeep, match=f"{len(above) + height} levels") as refused:
        check_place(ME, above, height, max_levels)
    assert refused.value.details == {"levels": len(above) + height, "max_levels": max_levels}


def test_a_bound_of_their_own_comes_before_the_groups_even_when_it_is_zero() -> None:
    assert [in_force(own, 10) for own in (None, 0, 5, 20)] == [10, 0, 5, 20]


def test_a_reason_of_attribution_is_named_once() -> None:
    check_order([Attribution.ACTING_AGENT, Attribution.CUSTOMER_AGENT])
    with pytest.raises(Malformed) as refused:
        check_order([Attribution.ACTING_AGENT, Attribution.ACTING_AGENT])
    assert [error.pointer for error in refused.value.errors] == ["/attribution/1"]
