"""/v1/quantity-rules: how many of some goods buyers must or may take."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.rules import (
    DeleteQuantityRule,
    ListQuantityRules,
    QtyRuleImpossible,
    QuantityRuleNotFound,
    RuleInvalid,
    SetQuantityRule,
)

router = resource("/quantity-rules", "catalogue rules")


@router.get("")
async def list_quantity_rules(request: Request, query: Asked[ListQuantityRules], ask: Ask) -> Response:
    """List quantity rules, of a buyer or about some goods."""
    return listed(await ask.forward(query), request)


@router.put("", responses=refusing(RuleInvalid, QtyRuleImpossible))
async def set_quantity_rule(command: Sent[SetQuantityRule], ask: Ask) -> Response:
    """Set how many of some goods a buyer must or may take; to change it, If-Match names the version it replaces."""
    return shown(await ask.forward(command))


@router.delete("/{id}", status_code=204, responses=refusing(QuantityRuleNotFound, QtyRuleImpossible))
async def delete_quantity_rule(command: Sent[DeleteQuantityRule], ask: Ask) -> Response:
    """Delete a quantity rule."""
    return done(await ask.forward(command))
