"""/v1/customer-groups/{group_id}/terms: the least a group must order, and how much of the stock it sees."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.group_terms import GetGroupTerms, GroupTermsInvalid, ListGroupTerms, SetGroupTerms
from shared.contracts.customers.groups import GroupNotFound

router = resource("/customer-groups", "catalogue rules")


@router.get("/terms")
async def list_group_terms(request: Request, query: Asked[ListGroupTerms], ask: Ask) -> Response:
    """List the terms of the groups that have any."""
    return listed(await ask.forward(query), request)


@router.get("/{group_id}/terms", responses=refusing(GroupNotFound))
async def get_group_terms(query: Asked[GetGroupTerms], ask: Ask) -> Response:
    """Show on what terms a group buys."""
    return shown(await ask.forward(query))


@router.put("/{group_id}/terms", responses=refusing(GroupNotFound, GroupTermsInvalid))
async def set_group_terms(command: Sent[SetGroupTerms], ask: Ask) -> Response:
    """Set on what terms a group buys; to change them, If-Match names the version they replace."""
    return shown(await ask.forward(command))
