"""/v1/stock: how many are there, and what came in."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.stock import ListStock, ReceiveStock

router = resource("/stock", "stock")


@router.get("")
async def list_stock(request: Request, query: Asked[ListStock], ask: Ask) -> Response:
    """List the stock of every variant."""
    return listed(await ask.forward(query), request)


@router.post("/receipts", status_code=201, responses=refusing(VariantNotFound))
async def receive_stock(command: Sent[ReceiveStock], ask: Ask) -> Response:
    """Record goods that came in."""
    return created(await ask.forward(command))
