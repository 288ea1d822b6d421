"""/v1/stock: how many are there, in which warehouse, why, and how they are sold."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, passed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.allocations import AllocationNotFound, GetAllocation
from shared.contracts.catalog.movements import (
    AdjustStock,
    CountStock,
    ListMovements,
    SameWarehouse,
    TransferStock,
    WarehouseShort,
)
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.stock import GetStock, ListStock, ReceiveStock, SetSelling, StockPromised
from shared.contracts.catalog.warehouses import WarehouseInactive, WarehouseNotFound

router = resource("/stock", "stock")
UNKNOWN = (VariantNotFound, WarehouseNotFound)


@router.get("")
async def list_stock(request: Request, query: Asked[ListStock], ask: Ask) -> Response:
    """List the stock of every variant, of those in a warehouse, or of those that run low."""
    return listed(await ask.forward(query), request)


@router.get("/movements")
async def list_movements(request: Request, query: Asked[ListMovements], ask: Ask) -> Response:
    """List what came to warehouses and left them."""
    return listed(await ask.forward(query), request)


@router.get("/allocations/{order_id}", responses=refusing(AllocationNotFound))
async def get_allocation(query: Asked[GetAllocation], ask: Ask) -> Response:
    """Show which warehouses keep the goods of an order, and what it waits for."""
    return passed(await ask.forward(query))


@router.post("/receipts", status_code=201, responses=refusing(*UNKNOWN, WarehouseInactive))
async def receive_stock(command: Sent[ReceiveStock], ask: Ask) -> Response:
    """Record goods that came in."""
    return created(await ask.forward(command), changing=True)


@router.post(
    "/adjustments", status_code=201, responses=refusing(*UNKNOWN, WarehouseInactive, WarehouseShort, StockPromised)
)
async def adjust_stock(command: Sent[AdjustStock], ask: Ask) -> Response:
    """Add to the stock of a warehouse or take from it, for a reason."""
    return created(await ask.forward(command), changing=True)


@router.post(
    "/transfers", status_code=201, responses=refusing(*UNKNOWN, WarehouseInactive, WarehouseShort, SameWarehouse)
)
async def transfer_stock(command: Sent[TransferStock], ask: Ask) -> Response:
    """Move goods from one warehouse to another."""
    return created(await ask.forward(command), changing=True)


@router.get("/{sku}", responses=refusing(VariantNotFound))
async def get_stock(query: Asked[GetStock], ask: Ask) -> Response:
    """Show the stock of a variant, warehouse by warehouse."""
    return shown(await ask.forward(query), changing=True)


@router.put("/{sku}/selling", responses=refusing(VariantNotFound, StockPromised))
async def set_selling(command: Sent[SetSelling], ask: Ask) -> Response:
    """Say whether more of a variant may be ordered than are there, and at how few left people are told."""
    return shown(await ask.forward(command), changing=True)


@router.put("/{sku}/warehouses/{warehouse}", responses=refusing(*UNKNOWN, WarehouseInactive, StockPromised))
async def count_stock(command: Sent[CountStock], ask: Ask) -> Response:
    """Set the stock of a variant in a warehouse to what was counted."""
    return shown(await ask.forward(command), changing=True)
