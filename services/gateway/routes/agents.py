"""/v1/agents: who sells, in whose team, and what they are due."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, gathered, items, listed, passed, shown
from services.gateway.deps import Ask, Asked, Asking, Sent
from services.gateway.routing import answering, refusing, resource
from shared.contracts.agents.agents import (
    AgentEmailTaken,
    AgentNotFound,
    AgentView,
    ChangeAgent,
    GetAgent,
    ListAgents,
    MoveAgent,
    RegisterAgent,
    TeamCycle,
    TeamTooDeep,
)
from shared.contracts.agents.commissions import GetStatement, Statement
from shared.contracts.agents.groups import AgentGroupNotFound
from shared.contracts.base import Contract
from shared.contracts.orders.orders import ListOrders, OrderSummary

LATEST = 10
router = resource("/agents", "agents")


class Dashboard(Contract):
    """An agent at a glance: who they are, what they are due, what they sold last."""

    agent: AgentView
    statement: Statement
    latest_orders: list[OrderSummary]


@router.get("")
async def list_agents(request: Request, query: Asked[ListAgents], ask: Ask) -> Response:
    """List agents; an agent finds themselves and their team."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(AgentEmailTaken, AgentGroupNotFound, AgentNotFound, TeamTooDeep))
async def register_agent(command: Sent[RegisterAgent], ask: Ask) -> Response:
    """Add an agent."""
    return created(await ask.forward(command), "/v1/agents/{id}", changing=True)


@router.get("/me/dashboard", openapi_extra=answering(Dashboard, asks=(GetAgent, GetStatement, ListOrders)))
async def get_own_dashboard(ask: Ask) -> Response:
    """Show one's own balance, earnings and latest orders."""
    return await _dashboard(ask, GetAgent(), GetStatement(), ListOrders(limit=LATEST))


@router.get("/{id}", responses=refusing(AgentNotFound))
async def get_agent(query: Asked[GetAgent], ask: Ask) -> Response:
    """Show an agent."""
    return shown(await ask.forward(query), changing=True)


@router.patch("/{id}", responses=refusing(AgentNotFound, AgentGroupNotFound))
async def change_agent(command: Sent[ChangeAgent], ask: Ask) -> Response:
    """Edit an agent."""
    return shown(await ask.forward(command), changing=True)


@router.put("/{id}/parent", responses=refusing(AgentNotFound, TeamCycle, TeamTooDeep))
async def move_agent(command: Sent[MoveAgent], ask: Ask) -> Response:
    """Put an agent under another parent."""
    return shown(await ask.forward(command), changing=True)


@router.get("/{agent_id}/statement", responses=refusing(AgentNotFound))
async def get_statement(query: Asked[GetStatement], ask: Ask) -> Response:
    """Show what an agent is due."""
    return passed(await ask.forward(query))


@router.get(
    "/{id}/dashboard",
    responses=refusing(AgentNotFound),
    openapi_extra=answering(Dashboard, asks=(GetAgent, GetStatement, ListOrders)),
)
async def get_dashboard(query: Asked[GetAgent], ask: Ask) -> Response:
    """Show an agent's balance, earnings and latest orders."""
    return await _dashboard(ask, query, GetStatement(agent_id=query.id), ListOrders(agent_id=query.id, limit=LATEST))


async def _dashboard(ask: Asking, agent: GetAgent, statement: GetStatement, orders: ListOrders) -> Response:
    told = await ask.forward_all(agent, statement, orders)
    return gathered(agent=told[0], statement=told[1], latest_orders=items(told[2]))
