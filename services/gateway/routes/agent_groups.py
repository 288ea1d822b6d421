"""/v1/agent-groups: what agents earn, and how far they may move a price."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.agents.groups import (
    AgentGroupCodeTaken,
    AgentGroupNotFound,
    ChangeAgentGroup,
    CreateAgentGroup,
    ListAgentGroups,
)

router = resource("/agent-groups", "agent groups")


@router.get("")
async def list_agent_groups(request: Request, query: Asked[ListAgentGroups], ask: Ask) -> Response:
    """List agent groups."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(AgentGroupCodeTaken))
async def create_agent_group(command: Sent[CreateAgentGroup], ask: Ask) -> Response:
    """Create an agent group."""
    return created(await ask.forward(command))


@router.patch("/{id}", responses=refusing(AgentGroupNotFound))
async def change_agent_group(command: Sent[ChangeAgentGroup], ask: Ask) -> Response:
    """Edit an agent group."""
    return shown(await ask.forward(command))
