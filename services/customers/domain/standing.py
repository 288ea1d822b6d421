"""Whether a customer may buy, as a table of what may follow what (rules 3.7)."""

from shared.contracts.customers.customers import CustomerStatus
from shared.kernel import transitions

S = CustomerStatus
NEXT: dict[CustomerStatus, frozenset[CustomerStatus]] = {
    S.PENDING: frozenset({S.APPROVED}),
    S.APPROVED: frozenset({S.SUSPENDED}),
    S.SUSPENDED: frozenset({S.APPROVED}),
}


def advance(current: CustomerStatus, to: CustomerStatus) -> CustomerStatus:
    """Return the status to take; the present one may be named again. Raises Conflict for a step the table lacks."""
    return transitions.advance(NEXT, current, to, "A customer")
