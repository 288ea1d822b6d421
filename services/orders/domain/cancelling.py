"""When an order may be cancelled, and by whom (rules 3.13)."""

from services.orders.domain import lifecycle
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus
from shared.kernel.money import Money

NOTHING_LEFT = frozenset({FulfilmentStatus.UNFULFILLED, FulfilmentStatus.BACKORDERED, FulfilmentStatus.PREPARING})


def cancelled(before: OrderStatus, fulfilment: FulfilmentStatus, paid: Money, *, by_staff: bool) -> OrderStatus:
    """Return the state of an order once cancelled. Raises IllegalTransition when it may not be.

    Nobody cancels once a unit was shipped; a customer only while nothing is paid.
    """
    if fulfilment not in NOTHING_LEFT:
        because = "A part of this order has left already; ask for a return instead."
    elif paid and not by_staff:
        because = f"{paid} came in for this order already; ask the shop to cancel it and give the money back."
    else:
        return lifecycle.advance(lifecycle.ORDER, before, OrderStatus.CANCELLED)
    raise lifecycle.illegal(lifecycle.ORDER, before, OrderStatus.CANCELLED, because)
