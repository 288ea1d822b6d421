"""/v1/commissions: the ledger of what agents are due."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed
from services.gateway.deps import Ask, Asked
from services.gateway.routing import resource
from shared.contracts.agents.commissions import ListCommissions

router = resource("/commissions", "commissions")


@router.get("")
async def list_commissions(request: Request, query: Asked[ListCommissions], ask: Ask) -> Response:
    """List entries of the commission ledger; an agent finds their own."""
    return listed(await ask.forward(query), request)
