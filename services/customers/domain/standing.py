"""Whether a customer may buy, as a table of what may follow what (rules 3.7)."""

from typing import Any

from shared.contracts.customers.customers import CustomerStatus
from shared.kernel.problems import Conflict

S = CustomerStatus
NEXT: dict[CustomerStatus, frozenset[CustomerStatus]] = {
    S.PENDING: frozenset({S.APPROVED}),
    S.APPROVED: frozenset({S.SUSPENDED}),
    S.SUSPENDED: frozenset({S.APPROVED}),
}


def advance(current: CustomerStatus, to: CustomerStatus) -> CustomerStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    if to != current and to not in NEXT[current]:
        allowed = sorted(NEXT[current])
        facts: dict[str, Any] = {"from": current, "to": to, "allowed": allowed}
        raise Conflict(f"A customer who is {current} cannot become {to}; possible is: {', '.join(allowed)}.", **facts)
    return to
