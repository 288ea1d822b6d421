"""What catalog asks of its own accord: which orders stand, and which still need the goods kept for them."""

from uuid import UUID

from pydantic import Field

from shared.contracts.actor import service_permission
from shared.contracts.base import Contract, Query

CATALOG = frozenset({"catalog"})
BY_ITSELF = frozenset({service_permission("catalog")})
ASKED_AT_ONCE = 500


class ExistingOrders(Contract):
    """Of the orders asked about, those that stand."""

    ids: list[UUID]


class FindExistingOrders(
    Query[ExistingOrders], subject="orders.find_existing_orders.v1", allow=BY_ITSELF, asked_by=CATALOG
):
    """Tells which of these orders stand, so that a sweeper frees only what no order needs."""

    ids: list[UUID] = Field(max_length=ASKED_AT_ONCE)


class UnshippedOrders(Contract):
    """Of the orders asked about, those of which something has yet to leave."""

    ids: list[UUID]


class FindUnshippedOrders(
    Query[UnshippedOrders], subject="orders.find_unshipped_orders.v1", allow=BY_ITSELF, asked_by=CATALOG
):
    """Tells which of these orders still need their goods: they stand, and not everything has left."""

    ids: list[UUID] = Field(max_length=ASKED_AT_ONCE)


class OrdersToShip(Contract):
    """Orders that need their goods, by id, at most so many as are asked about at once; fewer are the last."""

    ids: list[UUID]


class FindOrdersToShip(Query[OrdersToShip], subject="orders.find_orders_to_ship.v1", allow=BY_ITSELF, asked_by=CATALOG):
    """Tells which confirmed orders have yet to leave, after an id, so that catalog sees if it keeps their goods."""

    after: UUID | None = None
