"""/v1/customer-groups: who belongs together for prices and visibility."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.customers.groups import CreateGroup, GroupCodeTaken, ListGroups

router = resource("/customer-groups", "customer groups")


@router.get("")
async def list_customer_groups(request: Request, query: Asked[ListGroups], ask: Ask) -> Response:
    """List customer groups."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(GroupCodeTaken))
async def create_customer_group(command: Sent[CreateGroup], ask: Ask) -> Response:
    """Create a customer group."""
    return created(await ask.forward(command))
