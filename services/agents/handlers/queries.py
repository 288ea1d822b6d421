"""Questions others ask of agents."""

from uuid import UUID

from services.agents.models import Agent, AgentGroup, Entry
from services.agents.repository import agents, ledger
from shared.contracts.actor import ActorType
from shared.contracts.agents.agents import (
    AgentNotFound,
    AgentSnapshot,
    AgentView,
    GetAgent,
    GetSeller,
    ListAgents,
    SellerTerms,
)
from shared.contracts.agents.commissions import Balance, CommissionEntry, GetStatement, ListCommissions, Statement
from shared.contracts.agents.groups import AgentGroupView, ListAgentGroups
from shared.contracts.agents.settings import GetSalesSettings, SalesSettings
from shared.contracts.values import Page
from shared.database.pages import page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_agent(query: GetAgent, work: Work) -> AgentView:
    agent = await agents.agent(work.session, _named(query.id, work), agents.visible_to(work.actor))
    return AgentView.model_validate(agent)


@handler
async def list_agents(query: ListAgents, work: Work) -> Page[AgentView]:
    statement = agents.agents(query, agents.visible_to(work.actor))
    rows, following = await page(work.session, statement, Agent, query.cursor, query.limit)
    return Page[AgentView](items=[AgentView.model_validate(row) for row in rows], next=following)


@handler
async def get_seller(query: GetSeller, work: Work) -> SellerTerms:
    agent = await agents.agent(work.session, query.id, agents.sellers_for(work.actor))
    settings = await agents.settings(work.session)
    return SellerTerms(
        agent=AgentSnapshot.model_validate(agent),
        settings=SalesSettings.model_validate(settings),
    )


@handler
async def list_agent_groups(query: ListAgentGroups, work: Work) -> Page[AgentGroupView]:
    rows, following = await page(work.session, agents.groups(), AgentGroup, query.cursor, query.limit)
    return Page[AgentGroupView](items=[AgentGroupView.model_validate(row) for row in rows], next=following)


@handler
async def get_sales_settings(query: GetSalesSettings, work: Work) -> SalesSettings:
    return SalesSettings.model_validate(await agents.settings(work.session))


@handler
async def get_statement(query: GetStatement, work: Work) -> Statement:
    visible = ledger.earnings_visible_to(work.actor, Agent.id)
    agent = await agents.agent(work.session, _named(query.agent_id, work), visible)
    balances = await ledger.balances(work.session, agent.id)
    wanted = ListCommissions(agent_id=agent.id, limit=query.limit)
    latest = await list_commissions(wanted, work)
    return Statement(
        agent_id=agent.id,
        balances=[Balance.model_validate(balance) for balance in balances],
        entries=latest.items,
    )


@handler
async def list_commissions(query: ListCommissions, work: Work) -> Page[CommissionEntry]:
    statement = ledger.entries(query, ledger.earnings_visible_to(work.actor, Entry.agent_id))
    rows, following = await page(work.session, statement, Entry, query.cursor, query.limit)
    return Page[CommissionEntry](items=[CommissionEntry.model_validate(row) for row in rows], next=following)


def _named(id_: UUID | None, work: Work) -> UUID:
    """Return the agent asked for, or the caller themselves. Raises AgentNotFound for a caller who is none."""
    wanted = id_ or (work.actor.id if work.actor.type is ActorType.AGENT else None)
    if wanted is None:
        raise AgentNotFound("You are not an agent yourself; name one by id.")
    return wanted
