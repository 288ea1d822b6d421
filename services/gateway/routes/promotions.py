"""/v1/promotions: what is taken off base prices for everyone, for a time."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.promotions import (
    ChangePromotion,
    CreatePromotion,
    DeletePromotion,
    GetPromotion,
    ListPromotions,
    PromotionCodeTaken,
    PromotionHasBegun,
    PromotionInvalid,
    PromotionNotFound,
)

router = resource("/promotions", "promotions")


@router.get("")
async def list_promotions(request: Request, query: Asked[ListPromotions], ask: Ask) -> Response:
    """List promotions."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(PromotionInvalid, PromotionCodeTaken))
async def create_promotion(command: Sent[CreatePromotion], ask: Ask) -> Response:
    """Create a promotion."""
    return created(await ask.forward(command), "/v1/promotions/{id}")


@router.get("/{id}", responses=refusing(PromotionNotFound))
async def get_promotion(query: Asked[GetPromotion], ask: Ask) -> Response:
    """Show a promotion."""
    return shown(await ask.forward(query))


@router.put("/{id}", responses=refusing(PromotionNotFound, PromotionInvalid))
async def change_promotion(command: Sent[ChangePromotion], ask: Ask) -> Response:
    """Replace a promotion; everyone's prices follow at once."""
    return shown(await ask.forward(command))


@router.delete("/{id}", status_code=204, responses=refusing(PromotionNotFound, PromotionHasBegun))
async def delete_promotion(command: Sent[DeletePromotion], ask: Ask) -> Response:
    """Delete a promotion that has never begun."""
    return done(await ask.forward(command))
