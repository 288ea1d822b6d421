"""/v1/customers: the people who buy."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.agents.agents import AgentNotFound
from shared.contracts.customers.companies import CompanyNotFound
from shared.contracts.customers.customers import (
    AssignAgent,
    AssignGroups,
    ChangeCustomer,
    CustomerEmailTaken,
    CustomerNotFound,
    GetCustomer,
    ListCustomers,
    RegisterCustomer,
)
from shared.contracts.customers.groups import GroupNotFound

router = resource("/customers", "customers")


@router.get("")
async def list_customers(request: Request, query: Asked[ListCustomers], ask: Ask) -> Response:
    """List customers; agents find their own."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(CustomerEmailTaken, CompanyNotFound, GroupNotFound, AgentNotFound))
async def register_customer(command: Sent[RegisterCustomer], ask: Ask) -> Response:
    """Add a customer."""
    return created(await ask.forward(command), "/v1/customers/{id}")


@router.get("/{id}", responses=refusing(CustomerNotFound))
async def get_customer(query: Asked[GetCustomer], ask: Ask) -> Response:
    """Show a customer."""
    return shown(await ask.forward(query))


@router.patch("/{id}", responses=refusing(CustomerNotFound, CustomerEmailTaken))
async def change_customer(command: Sent[ChangeCustomer], ask: Ask) -> Response:
    """Edit a customer."""
    return shown(await ask.forward(command))


@router.put("/{id}/groups", responses=refusing(CustomerNotFound, GroupNotFound))
async def assign_groups(command: Sent[AssignGroups], ask: Ask) -> Response:
    """Put a customer into groups."""
    return shown(await ask.forward(command))


@router.put("/{id}/agent", responses=refusing(CustomerNotFound, AgentNotFound))
async def assign_agent(command: Sent[AssignAgent], ask: Ask) -> Response:
    """Give a customer to an agent, or to nobody."""
    return shown(await ask.forward(command))
