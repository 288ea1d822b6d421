"""What has left and come back, told by counting units (rules 3.13)."""

from dataclasses import dataclass
from decimal import Decimal

from shared.contracts.orders.states import FulfilmentStatus

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Units:
    """Units of an order, summed over its lines; `delivered` are among the `shipped`, `returned` among the delivered."""

    ordered: Decimal
    cancelled: Decimal = NONE
    backordered: Decimal = NONE
    preparing: Decimal = NONE
    shipped: Decimal = NONE
    delivered: Decimal = NONE
    returned: Decimal = NONE


def fulfilment_status(units: Units) -> FulfilmentStatus:
    """Return what the counters say. Units that were cancelled are no longer waited for."""
    wanted = units.ordered - units.cancelled
    if units.returned:
        return FulfilmentStatus.RETURNED if units.returned == wanted else FulfilmentStatus.PARTIALLY_RETURNED
    if units.shipped:
        return _on_the_way(units, wanted)
    if units.preparing:
        return FulfilmentStatus.PREPARING
    return FulfilmentStatus.BACKORDERED if units.backordered else FulfilmentStatus.UNFULFILLED


def _on_the_way(units: Units, wanted: Decimal) -> FulfilmentStatus:
    if units.delivered == wanted:
        return FulfilmentStatus.DELIVERED
    return FulfilmentStatus.SHIPPED if units.shipped == wanted else FulfilmentStatus.PARTIALLY_SHIPPED
