"""/v1/price-changes: many prices raised or lowered by a rule, tried dry first."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.price_changes import (
    ChangePricesByRule,
    GetPriceChange,
    ListPriceChanges,
    ListPriceDifferences,
    PriceChangeInvalid,
    PriceChangeNotFound,
)
from shared.contracts.catalog.price_lists import PriceListNotFound

router = resource("/price-changes", "price changes")


@router.get("")
async def list_price_changes(request: Request, query: Asked[ListPriceChanges], ask: Ask) -> Response:
    """List price changes."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(PriceChangeInvalid, PriceListNotFound))
async def change_prices_by_rule(command: Sent[ChangePricesByRule], ask: Ask) -> Response:
    """Change many prices by a rule, or report what it would change; it is carried out in the background."""
    return created(await ask.forward(command), "/v1/price-changes/{id}")


@router.get("/{id}", responses=refusing(PriceChangeNotFound))
async def get_price_change(query: Asked[GetPriceChange], ask: Ask) -> Response:
    """Show a price change and how far it is."""
    return shown(await ask.forward(query))


@router.get("/{id}/differences", responses=refusing(PriceChangeNotFound))
async def list_price_differences(request: Request, query: Asked[ListPriceDifferences], ask: Ask) -> Response:
    """List what a price change did to each price, or would do."""
    return listed(await ask.forward(query), request)
