"""/v1/products: what can be bought, at the caller's prices, and what is kept of it."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.categories import CategoryNotFound
from shared.contracts.catalog.links import GetProductLinks, LinkInvalid, SetProductLinks
from shared.contracts.catalog.products import (
    ChangeProduct,
    CreateProduct,
    DeleteProduct,
    ProductCodeTaken,
    ProductInUse,
    ProductInvalid,
    ProductNotFound,
    SkuTaken,
)
from shared.contracts.catalog.sheets import GetProductSheet
from shared.contracts.catalog.storefront import GetProduct, ListProducts, LoginRequired, MarketNotOpen
from shared.contracts.customers.customers import CustomerNotFound

router = resource("/products", "products")


@router.get("", responses=refusing(CustomerNotFound, LoginRequired, MarketNotOpen))
async def list_products(request: Request, query: Asked[ListProducts], ask: Ask) -> Response:
    """List products at the caller's prices, or at a customer's."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(SkuTaken, ProductCodeTaken, CategoryNotFound, ProductInvalid))
async def create_product(command: Sent[CreateProduct], ask: Ask) -> Response:
    """Create a product with its variants."""
    return created(await ask.forward(command), "/v1/products/{id}")


@router.get("/{id}", responses=refusing(ProductNotFound, CustomerNotFound, LoginRequired, MarketNotOpen))
async def get_product(query: Asked[GetProduct], ask: Ask) -> Response:
    """Show a product at the caller's price, or at a customer's."""
    return shown(await ask.forward(query), changing=True)


@router.patch("/{id}", responses=refusing(ProductNotFound, ProductCodeTaken, CategoryNotFound, ProductInvalid))
async def change_product(command: Sent[ChangeProduct], ask: Ask) -> Response:
    """Edit a product."""
    return shown(await ask.forward(command))


@router.delete("/{id}", status_code=204, responses=refusing(ProductNotFound, ProductInUse))
async def delete_product(command: Sent[DeleteProduct], ask: Ask) -> Response:
    """Delete a product that was never sold."""
    return done(await ask.forward(command))


@router.get("/{id}/sheet", responses=refusing(ProductNotFound))
async def get_product_sheet(query: Asked[GetProductSheet], ask: Ask) -> Response:
    """Show all that is kept of a product."""
    return shown(await ask.forward(query))


@router.get("/{id}/sheet/links", responses=refusing(ProductNotFound))
async def get_product_links(query: Asked[GetProductLinks], ask: Ask) -> Response:
    """Show what a product leads to, whether or not the shop shows it."""
    return shown(await ask.forward(query))


@router.put("/{id}/links/{link_kind}", responses=refusing(ProductNotFound, LinkInvalid))
async def set_product_links(command: Sent[SetProductLinks], ask: Ask) -> Response:
    """Say what a product leads to."""
    return shown(await ask.forward(command))
