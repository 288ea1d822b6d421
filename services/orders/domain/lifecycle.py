"""The three axes an order moves on, which moves are legal, and what its state is called (rules 3.13)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from shared.contracts.orders.orders import IllegalTransition
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentStatus

State = TypeVar("State", bound=StrEnum)
Axis = Mapping[State, frozenset[State]]

ORDER: Axis[OrderStatus] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.CONFIRMED, OrderStatus.PENDING_APPROVAL}),
    OrderStatus.PENDING_APPROVAL: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.PROCESSING, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED}),
    OrderStatus.COMPLETED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
# Derived from the payment ledger (domain/ledger.py): the table says which moves the ledger can bring about.
PAYMENT: Axis[PaymentStatus] = {
    PaymentStatus.AWAITING: frozenset(
        {
            PaymentStatus.AUTHORIZED,
            PaymentStatus.PARTIALLY_PAID,
            PaymentStatus.PAID,
            PaymentStatus.FAILED,
            PaymentStatus.VOIDED,
        }
    ),
    PaymentStatus.AUTHORIZED: frozenset(
        {
            PaymentStatus.AWAITING,
            PaymentStatus.PARTIALLY_PAID,
            PaymentStatus.PAID,
            PaymentStatus.FAILED,
            PaymentStatus.VOIDED,
        }
    ),
    PaymentStatus.FAILED: frozenset(
        {PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_PAID, PaymentStatus.PAID, PaymentStatus.VOIDED}
    ),
    PaymentStatus.PARTIALLY_PAID: frozenset(
        {PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}
    ),
    PaymentStatus.PAID: frozenset(
        {
            PaymentStatus.PARTIALLY_REFUNDED,
            PaymentStatus.REFUNDED,
            PaymentStatus.VOIDED,  # an order that cost nothing, cancelled
        }
    ),
    PaymentStatus.PARTIALLY_REFUNDED: frozenset({PaymentStatus.REFUNDED}),
    PaymentStatus.REFUNDED: frozenset(),
    PaymentStatus.VOIDED: frozenset(),
}
# Derived from the unit counters (domain/fulfilment.py).
FULFILMENT: Axis[FulfilmentStatus] = {
    FulfilmentStatus.UNFULFILLED: frozenset(
        {
            FulfilmentStatus.BACKORDERED,
            FulfilmentStatus.PREPARING,
            FulfilmentStatus.PARTIALLY_SHIPPED,
            FulfilmentStatus.SHIPPED,
        }
    ),
    FulfilmentStatus.BACKORDERED: frozenset(
        {
            FulfilmentStatus.UNFULFILLED,
            FulfilmentStatus.PREPARING,
            FulfilmentStatus.PARTIALLY_SHIPPED,
            FulfilmentStatus.SHIPPED,
        }
    ),
    FulfilmentStatus.PREPARING: frozenset(
        {
            FulfilmentStatus.UNFULFILLED,
            FulfilmentStatus.BACKORDERED,
            FulfilmentStatus.PARTIALLY_SHIPPED,
            FulfilmentStatus.SHIPPED,
        }
    ),
    FulfilmentStatus.PARTIALLY_SHIPPED: frozenset(
        {FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED, FulfilmentStatus.PARTIALLY_RETURNED}
    ),
    FulfilmentStatus.SHIPPED: frozenset({FulfilmentStatus.DELIVERED, FulfilmentStatus.PARTIALLY_RETURNED}),
    FulfilmentStatus.DELIVERED: frozenset({FulfilmentStatus.PARTIALLY_RETURNED, FulfilmentStatus.RETURNED}),
    FulfilmentStatus.PARTIALLY_RETURNED: frozenset({FulfilmentStatus.RETURNED}),
    FulfilmentStatus.RETURNED: frozenset(),
}


def advance(axis: Axis[State], before: State, after: State, because: str = "") -> State:
    """Return the state after a move. Raises IllegalTransition, with from, to and allowed, for one not in the table.

    `because` is a sentence for people, where the states alone do not say why.
    """
    if after not in axis[before]:
        raise illegal(axis, before, after, because)
    return after


def follow(axis: Axis[State], before: State, derived: State) -> State:
    """Return the derived state; staying where one is needs no leave. Raises IllegalTransition as `advance` does."""
    return before if derived is before else advance(axis, before, derived)


def illegal(axis: Axis[State], before: State, after: State, because: str = "") -> IllegalTransition:
    """Return the refusal of a move: what it was, and where one may go instead."""
    allowed = sorted(state.value for state in axis[before] if state is not after)
    said = f"it may become {' or '.join(allowed)}" if allowed else "it stays as it is"
    detail = because or f"An order that is {before} cannot become {after}; {said}."
    facts: dict[str, Any] = {"from": before.value, "to": after.value, "allowed": allowed}
    return IllegalTransition(detail, **facts)
