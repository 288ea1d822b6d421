"""Warehouses: where goods are kept, and from which of them orders take first."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Page, PageSize, Text
from shared.kernel.problems import Conflict, NotFound

MOST_URGENT = 1_000_000


class WarehouseView(Contract):
    """A place where goods are kept. Orders take from the one of highest priority first, of equal ones the oldest."""

    id: UUID
    code: Code
    name: Text
    priority: int
    active: bool
    created_at: datetime
    version: int


class WarehouseSnapshot(Contract):
    """A warehouse as events tell it."""

    id: UUID
    version: int
    code: Code
    name: Text
    priority: int
    active: bool


class WarehouseNotFound(NotFound):
    """There is no such warehouse; GET /v1/warehouses lists them."""


class WarehouseCodeTaken(Conflict):
    """Another warehouse already has this code."""


class WarehouseInactive(Conflict):
    """This warehouse is not in use, so nothing comes to it; activate it, or name another."""


class WarehouseNotEmpty(Conflict):
    """Goods are left in this warehouse; transfer or adjust them away before it is put out of use."""


class LastWarehouse(Conflict):
    """This is the only warehouse in use; create or activate another first."""


class CreateWarehouse(Command[WarehouseView], subject="catalog.create_warehouse.v1", allow={Permission.STOCK_WRITE}):
    """Creates a warehouse, empty and in use."""

    code: Code
    name: Text
    priority: int = Field(default=0, ge=-MOST_URGENT, le=MOST_URGENT, description="The highest comes first.")


class ChangeWarehouse(
    Command[WarehouseView], subject="catalog.change_warehouse.v1", allow={Permission.STOCK_WRITE}, keyed=False
):
    """Edits a warehouse, or puts an empty one out of use; what is left out stays. None is ever deleted.

    Another priority holds for the allocations to come.
    """

    id: UUID
    expected_version: int
    name: Text | None = None
    priority: int | None = Field(default=None, ge=-MOST_URGENT, le=MOST_URGENT)
    active: bool | None = None


class GetWarehouse(Query[WarehouseView], subject="catalog.get_warehouse.v1", allow={Permission.CATALOG_READ}):
    """Returns one warehouse."""

    id: UUID


class ListWarehouses(Query[Page[WarehouseView]], subject="catalog.list_warehouses.v1", allow={Permission.CATALOG_READ}):
    """Returns the warehouses, those out of use too."""

    active: bool | None = None
    cursor: str | None = None
    limit: PageSize = 100


class WarehouseCreated(Event, subject="catalog.warehouse_created.v1", aggregate="warehouse.id"):
    """There is a new place where goods are kept."""

    warehouse: WarehouseSnapshot


class WarehouseChanged(Event, subject="catalog.warehouse_changed.v1", aggregate="warehouse.id"):
    """A warehouse has another name or priority, or was put out of use or into use again."""

    warehouse: WarehouseSnapshot
