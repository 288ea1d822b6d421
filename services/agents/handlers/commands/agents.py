"""Registering agents, editing them, moving them to another team."""

from uuid import UUID

from services.agents.domain.lifecycle import advance
from services.agents.domain.teams import check_place
from services.agents.models import Agent, AgentGroup
from services.agents.repository import agents
from services.agents.settings import current
from shared.contracts.agents.agents import (
    AgentChanged,
    AgentEmailTaken,
    AgentNotFound,
    AgentRegistered,
    AgentSnapshot,
    AgentStatus,
    AgentView,
    ChangeAgent,
    MoveAgent,
    RegisterAgent,
)
from shared.database.rows import lock
from shared.kernel.problems import FieldError, Malformed
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def register_agent(command: RegisterAgent, work: Work) -> AgentView:
    id_ = work.made_id(command.subject)
    if made := await work.made_before(Agent, id_):
        return AgentView.model_validate(made)
    if await agents.email_taken(work.session, command.email):
        raise AgentEmailTaken
    await agents.lock_teams(work.session)
    agent = Agent(
        id=id_,
        name=command.name,
        email=command.email,
        locale=command.locale,
        group_id=command.group_id,
        group=await _group(command.group_id, work),
        parent_id=command.parent_id,
        status=AgentStatus.ACTIVE,
        own_max_discount_percent=command.max_discount_percent,
        own_max_increase_percent=command.max_increase_percent,
        created_at=work.as_of,
        version=1,
        request_digest=work.digest,
    )
    await _check_place(agent.id, command.parent_id, 1, work)
    work.session.add(agent)
    await agents.note_standings(work.session, Agent.id == agent.id, since=None)
    work.emit(AgentRegistered(agent=AgentSnapshot.model_validate(agent)))
    return AgentView.model_validate(agent)


@handler
async def change_agent(command: ChangeAgent, work: Work) -> AgentView:
    await agents.lock_teams(work.session)
    agent = await lock(work.session, Agent, command.id, AgentNotFound(), command.expected_version)
    if command.group_id:
        agent.group = await _group(command.group_id, work)
    agent.name = command.name or agent.name
    agent.status = advance(agent.status, command.status or agent.status)
    if command.max_discount_percent is not None:
        agent.own_max_discount_percent = command.max_discount_percent
    if command.max_increase_percent is not None:
        agent.own_max_increase_percent = command.max_increase_percent
    return await _changed(agent, work)


@handler
async def move_agent(command: MoveAgent, work: Work) -> AgentView:
    await agents.lock_teams(work.session)
    agent = await lock(work.session, Agent, command.id, AgentNotFound(), command.expected_version)
    await _check_place(agent.id, command.parent_id, await agents.height(work.session, agent.id), work)
    agent.parent_id = command.parent_id
    return await _changed(agent, work)


async def _changed(agent: Agent, work: Work) -> AgentView:
    await agents.note_standings(work.session, Agent.id == agent.id, since=work.as_of)
    work.emit(AgentChanged(agent=AgentSnapshot.model_validate(agent)))
    return AgentView.model_validate(agent)


async def _group(id_: UUID, work: Work) -> AgentGroup:
    """Return the agent group. Raises Malformed when it does not exist."""
    group = await work.session.get(AgentGroup, id_)
    if group is None:
        message = "There is no such agent group; GET /v1/agent-groups lists them."
        raise Malformed(message, errors=[FieldError("/group_id", "AGENT_GROUP_NOT_FOUND", message)])
    return group


async def _check_place(agent_id: UUID, parent_id: UUID | None, height: int, work: Work) -> None:
    """Refuse a parent who does not exist, stands below the agent, or would make the team too deep."""
    above = await agents.above(work.session, parent_id) if parent_id else []
    if parent_id and not above:
        message = "There is no such agent to stand under; GET /v1/agents lists them."
        raise Malformed(message, errors=[FieldError("/parent_id", "AGENT_NOT_FOUND", message)])
    check_place(agent_id, above, height, current().max_team_levels)
