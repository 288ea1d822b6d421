"""/v1/content: what the shop says to the caller."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed
from services.gateway.deps import Ask, Asked
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.content import ListContent
from shared.contracts.customers.customers import CustomerNotFound

router = resource("/content", "content")


@router.get("/{placement}", responses=refusing(CustomerNotFound))
async def list_content(request: Request, query: Asked[ListContent], ask: Ask) -> Response:
    """List what a placement shows the caller, or a customer."""
    return listed(await ask.forward(query), request)
