"""/v1/visibility-rules: who sees which product or category."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import done, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.rules import RuleInvalid
from shared.contracts.catalog.visibility import (
    DeleteVisibilityRule,
    ListVisibilityRules,
    SetVisibilityRule,
    VisibilityRuleNotFound,
)

router = resource("/visibility-rules", "catalogue rules")


@router.get("")
async def list_visibility_rules(request: Request, query: Asked[ListVisibilityRules], ask: Ask) -> Response:
    """List visibility rules, of a buyer, about some goods, or all that decide who sees a product."""
    return listed(await ask.forward(query), request)


@router.put("", responses=refusing(RuleInvalid))
async def set_visibility_rule(command: Sent[SetVisibilityRule], ask: Ask) -> Response:
    """Set whether a buyer sees a product or a category; to change it, If-Match names the version it replaces."""
    return shown(await ask.forward(command))


@router.delete("/{id}", status_code=204, responses=refusing(VisibilityRuleNotFound))
async def delete_visibility_rule(command: Sent[DeleteVisibilityRule], ask: Ask) -> Response:
    """Delete a visibility rule."""
    return done(await ask.forward(command))
