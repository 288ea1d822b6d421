"""/v1/product-sheets: all that is kept of products, whether or not the shop shows them."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed
from services.gateway.deps import Ask, Asked
from services.gateway.routing import resource
from shared.contracts.catalog.sheets import ListProductSheets

router = resource("/product-sheets", "products")


@router.get("")
async def list_product_sheets(request: Request, query: Asked[ListProductSheets], ask: Ask) -> Response:
    """List products with all that is kept of them."""
    return listed(await ask.forward(query), request)
