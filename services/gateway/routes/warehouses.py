"""/v1/warehouses: where goods are kept."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.warehouses import (
    ChangeWarehouse,
    CreateWarehouse,
    GetWarehouse,
    LastWarehouse,
    ListWarehouses,
    WarehouseCodeTaken,
    WarehouseNotEmpty,
    WarehouseNotFound,
)

router = resource("/warehouses", "stock")


@router.get("")
async def list_warehouses(request: Request, query: Asked[ListWarehouses], ask: Ask) -> Response:
    """List warehouses."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(WarehouseCodeTaken))
async def create_warehouse(command: Sent[CreateWarehouse], ask: Ask) -> Response:
    """Create a warehouse."""
    return created(await ask.forward(command), "/v1/warehouses/{id}")


@router.get("/{id}", responses=refusing(WarehouseNotFound))
async def get_warehouse(query: Asked[GetWarehouse], ask: Ask) -> Response:
    """Show a warehouse."""
    return shown(await ask.forward(query))


@router.patch("/{id}", responses=refusing(WarehouseNotFound, WarehouseNotEmpty, LastWarehouse))
async def change_warehouse(command: Sent[ChangeWarehouse], ask: Ask) -> Response:
    """Edit a warehouse, or put an empty one out of use."""
    return shown(await ask.forward(command))
