"""/v1/search, /v1/quotes, /v1/quick-orders, /v1/price-explanation: what is found, what it would cost, and why."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed, passed
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.explanations import ExplainPrice
from shared.contracts.catalog.prices import (
    AgentPriceBound,
    PriceBelowFloor,
    PriceUnavailable,
    ProductNotAvailable,
)
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.quotes import QuoteItems, ReadQuickOrder
from shared.contracts.catalog.search import SearchProducts, SearchTooBroad
from shared.contracts.catalog.storefront import ListRelatedProducts, LoginRequired, MarketNotOpen
from shared.contracts.customers.customers import CustomerNotFound

router = resource("", "storefront")


@router.get("/search", responses=refusing(CustomerNotFound, LoginRequired, MarketNotOpen, SearchTooBroad))
async def search_products(request: Request, query: Asked[SearchProducts], ask: Ask) -> Response:
    """Find products by words, narrowed by facets."""
    return listed(await ask.forward(query), request)


@router.get(
    "/products/{id}/related", responses=refusing(ProductNotFound, CustomerNotFound, LoginRequired, MarketNotOpen)
)
async def list_related_products(query: Asked[ListRelatedProducts], ask: Ask) -> Response:
    """List what a product leads to."""
    return passed(await ask.forward(query))


@router.post(
    "/quotes",
    responses=refusing(
        CustomerNotFound,
        LoginRequired,
        MarketNotOpen,
        ProductNotAvailable,
        PriceUnavailable,
        AgentPriceBound,
        PriceBelowFloor,
    ),
)
async def quote_items(query: Sent[QuoteItems], ask: Ask) -> Response:
    """Price lines as an order of them would be; nothing is held."""
    return passed(await ask.forward(query))


@router.post("/quick-orders", responses=refusing(CustomerNotFound, LoginRequired, MarketNotOpen))
async def read_quick_order(query: Sent[ReadQuickOrder], ask: Ask) -> Response:
    """Read a pasted list of SKUs and quantities, line by line."""
    return passed(await ask.forward(query))


@router.get("/price-explanation/{sku}", responses=refusing(CustomerNotFound, ProductNotAvailable))
async def explain_price(query: Asked[ExplainPrice], ask: Ask) -> Response:
    """Tell why a variant costs a customer what it does."""
    return passed(await ask.forward(query))
