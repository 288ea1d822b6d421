"""/v1/products: what can be bought, at the caller's prices."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.products import (
    CategoryNotFound,
    ChangeProduct,
    CreateProduct,
    GetProduct,
    ListProducts,
    ProductNotFound,
    SkuTaken,
)
from shared.contracts.customers.customers import CustomerNotFound

router = resource("/products", "products")


@router.get("", responses=refusing(CustomerNotFound))
async def list_products(request: Request, query: Asked[ListProducts], ask: Ask) -> Response:
    """List products at the caller's prices, or at a customer's."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(SkuTaken, CategoryNotFound))
async def create_product(command: Sent[CreateProduct], ask: Ask) -> Response:
    """Create a product with its variants."""
    return created(await ask.forward(command), "/v1/products/{id}", changing=True)


@router.get("/{id}", responses=refusing(ProductNotFound, CustomerNotFound))
async def get_product(query: Asked[GetProduct], ask: Ask) -> Response:
    """Show a product at the caller's price, or at a customer's."""
    return shown(await ask.forward(query), changing=True)


@router.patch("/{id}", responses=refusing(ProductNotFound, CategoryNotFound))
async def change_product(command: Sent[ChangeProduct], ask: Ask) -> Response:
    """Edit a product."""
    return shown(await ask.forward(command), changing=True)
