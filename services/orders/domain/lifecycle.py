"""The three axes an order moves on, which moves are legal, and what its state is called (rules 3.13)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from shared.contracts.orders.orders import IllegalTransition
from shared.contracts.orders.states import FulfilmentStatus as F
from shared.contracts.orders.states import OrderStatus as O
from shared.contracts.orders.states import PaymentMethod
from shared.contracts.orders.states import PaymentStatus as P

State = TypeVar("State", bound=StrEnum)
Axis = Mapping[State, frozenset[State]]

ORDER: Axis[O] = {
    O.DRAFT: frozenset({O.CONFIRMED, O.PENDING_APPROVAL}),
    O.PENDING_APPROVAL: frozenset({O.CONFIRMED, O.CANCELLED}),
    O.CONFIRMED: frozenset({O.PROCESSING, O.CANCELLED}),
    O.PROCESSING: frozenset({O.COMPLETED, O.CANCELLED}),
    O.COMPLETED: frozenset(),
    O.CANCELLED: frozenset(),
}
# Derived from the payment ledger (domain/ledger.py); the table says which moves the ledger can bring about.
PAYMENT: Axis[P] = {
    P.AWAITING: frozenset({P.AUTHORIZED, P.PARTIALLY_PAID, P.PAID, P.FAILED, P.VOIDED}),
    P.AUTHORIZED: frozenset({P.AWAITING, P.PARTIALLY_PAID, P.PAID, P.FAILED, P.VOIDED}),
    P.FAILED: frozenset({P.AUTHORIZED, P.PARTIALLY_PAID, P.PAID, P.VOIDED}),
    P.PARTIALLY_PAID: frozenset({P.PAID, P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.PAID: frozenset({P.PARTIALLY_REFUNDED, P.REFUNDED, P.VOIDED}),  # voided: an order of nothing, cancelled
    P.PARTIALLY_REFUNDED: frozenset({P.REFUNDED}),
    P.REFUNDED: frozenset(),
    P.VOIDED: frozenset(),
}
# Derived from the unit counters (domain/fulfilment.py).
FULFILMENT: Axis[F] = {
    F.UNFULFILLED: frozenset({F.BACKORDERED, F.PREPARING, F.PARTIALLY_SHIPPED, F.SHIPPED}),
    F.BACKORDERED: frozenset({F.UNFULFILLED, F.PREPARING, F.PARTIALLY_SHIPPED, F.SHIPPED}),
    F.PREPARING: frozenset({F.UNFULFILLED, F.BACKORDERED, F.PARTIALLY_SHIPPED, F.SHIPPED}),
    F.PARTIALLY_SHIPPED: frozenset({F.SHIPPED, F.DELIVERED, F.PARTIALLY_RETURNED}),
    F.SHIPPED: frozenset({F.DELIVERED, F.PARTIALLY_RETURNED}),
    F.DELIVERED: frozenset({F.PARTIALLY_RETURNED, F.RETURNED}),
    F.PARTIALLY_RETURNED: frozenset({F.RETURNED}),
    F.RETURNED: frozenset(),
}

ORDER_LABELS = {
    O.DRAFT: "Brouillon",
    O.PENDING_APPROVAL: "En attente de validation",
    O.CANCELLED: "Annulée",
    O.COMPLETED: "Terminée",
}
PAYMENT_LABELS = {
    P.AWAITING: "En attente de paiement",
    P.AUTHORIZED: "Paiement autorisé",
    P.PARTIALLY_PAID: "Paiement partiel",
    P.PAID: "Paiement reçu",
    P.FAILED: "Erreur de paiement",
    P.PARTIALLY_REFUNDED: "Partiellement remboursée",
    P.REFUNDED: "Remboursée",
    P.VOIDED: "Annulée",
}
FULFILMENT_LABELS = {
    F.BACKORDERED: "En réapprovisionnement",
    F.PREPARING: "En cours de préparation",
    F.PARTIALLY_SHIPPED: "Partiellement envoyée",
    F.SHIPPED: "Commande envoyée",
    F.DELIVERED: "Livrée",
    F.PARTIALLY_RETURNED: "Partiellement retournée",
    F.RETURNED: "Retournée",
}
SPEAK_FIRST = {P.FAILED, P.PARTIALLY_REFUNDED, P.REFUNDED}  # payment states that hide where the goods are


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
    """Return the refusal of a move: what it was, and where the order may go instead."""
    allowed = sorted(axis[before] - {after})
    said = f"It may become {' or '.join(allowed)}." if allowed else "It stays as it is."
    detail = because or f"An order that is {before} cannot become {after}. {said}"
    return IllegalTransition(detail, **{"from": before.value, "to": after.value, "allowed": allowed})


def label(order: O, payment: P, fulfilment: F, method: PaymentMethod) -> str:
    """Return the French word for where an order stands, as its customer reads it."""
    if payment is P.REFUNDED or (order in ORDER_LABELS and order is not O.COMPLETED):
        return PAYMENT_LABELS[payment] if payment is P.REFUNDED else ORDER_LABELS[order]
    if payment in SPEAK_FIRST:
        return PAYMENT_LABELS[payment]
    if fulfilment in FULFILMENT_LABELS:
        return FULFILMENT_LABELS[fulfilment]
    if payment is P.AWAITING and method is PaymentMethod.BANK_TRANSFER:
        return "En attente de virement"
    return PAYMENT_LABELS[payment]
