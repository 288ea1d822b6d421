"""/v1/prices: what a variant costs everyone, and what it costs a group."""

from starlette.responses import Response

from services.gateway.answers import shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.prices import (
    GetGroupPrice,
    GroupPriceNotFound,
    SetBasePrice,
    SetGroupPrice,
    UnitPriceTooFine,
    VariantNotFound,
)
from shared.contracts.catalog.products import ProductInvalid
from shared.contracts.customers.groups import GroupNotFound

router = resource("/prices", "prices")


@router.put("/base/{sku}", responses=refusing(VariantNotFound, ProductInvalid))
async def set_base_price(command: Sent[SetBasePrice], ask: Ask) -> Response:
    """Set what a variant costs everyone; If-Match names the version of its product."""
    return shown(await ask.forward(command), changing=True)


@router.get("/groups/{group_id}/{sku}", responses=refusing(VariantNotFound, GroupNotFound, GroupPriceNotFound))
async def get_group_price(query: Asked[GetGroupPrice], ask: Ask) -> Response:
    """Show what a customer group pays for a variant in a currency."""
    return shown(await ask.forward(query))


@router.put("/groups/{group_id}/{sku}", responses=refusing(VariantNotFound, GroupNotFound, UnitPriceTooFine))
async def set_group_price(command: Sent[SetGroupPrice], ask: Ask) -> Response:
    """Set what a customer group pays for a variant; to change it, If-Match names the version it replaces."""
    return shown(await ask.forward(command))
