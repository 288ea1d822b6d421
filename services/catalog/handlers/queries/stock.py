"""What is on hand, why, and what of it is kept for orders."""

from services.catalog.handlers.views.stock import allocation_view, stock_view
from services.catalog.repository import levels, placements, products
from shared.contracts.catalog.allocations import AllocationNotFound, AllocationView, GetAllocation
from shared.contracts.catalog.movements import ListMovements, MovementView
from shared.contracts.catalog.stock import GetStock, ListStock, StockView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def list_stock(query: ListStock, work: Work) -> Page[StockView]:
    found, cursor = await levels.one_page(work.session, query)
    return Page(items=[stock_view(row) for row in found], next=cursor)


@handler
async def get_stock(query: GetStock, work: Work) -> StockView:
    variant = await products.variant(work.session, query.sku)
    return stock_view(await levels.one(work.session, variant.id))


@handler
async def list_movements(query: ListMovements, work: Work) -> Page[MovementView]:
    found, cursor = await levels.movements(work.session, query)
    return Page(items=[MovementView.model_validate(row) for row in found], next=cursor)


@handler
async def get_allocation(query: GetAllocation, work: Work) -> AllocationView:
    found = await placements.of_order(work.session, query.order_id)
    if not found:
        raise AllocationNotFound
    return allocation_view(query.order_id, found)
