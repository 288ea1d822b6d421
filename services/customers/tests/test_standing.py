import pytest

from services.customers.domain.standing import NEXT, advance
from shared.contracts.customers.customers import CustomerStatus
from shared.kernel.problems import Conflict

S = CustomerStatus


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("to", S)
def test_a_standing_moves_only_as_the_table_says(current: CustomerStatus, to: CustomerStatus) -> None:
    if to == current or to in NEXT[current]:
        assert advance(current, to) is to
        return
    with pytest.raises(Conflict, match=f"{current} cannot become {to}") as refused:
        advance(current, to)
    assert refused.value.details == {"from": current, "to": to, "allowed": sorted(NEXT[current])}


def test_nobody_becomes_pending_again_once_approved() -> None:
    assert all(S.PENDING not in reachable for reachable in NEXT.values())
