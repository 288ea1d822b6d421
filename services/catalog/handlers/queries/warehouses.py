"""Where goods are kept."""

from services.catalog.repository import warehouses
from shared.contracts.catalog.warehouses import GetWarehouse, ListWarehouses, WarehouseView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_warehouse(query: GetWarehouse, work: Work) -> WarehouseView:
    return WarehouseView.model_validate(await warehouses.by_id(work.session, query.id))


@handler
async def list_warehouses(query: ListWarehouses, work: Work) -> Page[WarehouseView]:
    found, cursor = await warehouses.one_page(work.session, query)
    return Page(items=[WarehouseView.model_validate(row) for row in found], next=cursor)
