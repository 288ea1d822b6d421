"""Where goods are kept."""

from services.catalog.models import Warehouse
from services.catalog.repository import warehouses
from shared.contracts.catalog.warehouses import GetWarehouse, ListWarehouses, WarehouseNotFound, WarehouseView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_warehouse(query: GetWarehouse, work: Work) -> WarehouseView:
    found = await work.session.get(Warehouse, query.id)
    if found is None:
        raise WarehouseNotFound
    return WarehouseView.model_validate(found)


@handler
async def list_warehouses(query: ListWarehouses, work: Work) -> Page[WarehouseView]:
    found, cursor = await warehouses.page(work.session, query)
    return Page(items=[WarehouseView.model_validate(row) for row in found], next=cursor)
