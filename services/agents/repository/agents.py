"""Agents, their groups and teams."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.agents.models import Agent, AgentGroup, SalesSettingsRow, Standing
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.agents.agents import AgentNotFound, AgentStatus, ListAgents


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return which agents an actor may see: all, or themselves and everyone below."""
    if actor.may(Permission.AGENTS_READ):
        return true()
    if actor.type is ActorType.AGENT and actor.may(Permission.AGENTS_READ_OWN):
        return Agent.id.in_(select(_team(actor.id).c.id))
    return false()


def sellers_for(actor: Actor) -> ColumnElement[bool]:
    """Return which agents a service may fetch for an actor, whose permissions it has checked itself.

    A customer's sale may belong to any agent; which one, only the service that asks knows.
    """
    if actor.type is ActorType.AGENT:
        return or_(Agent.id.in_(select(_team(actor.id).c.id)), exists().where(SalesSettingsRow.agents_serve_all))
    return false() if actor.type is ActorType.VISITOR else true()


async def agent(session: AsyncSession, id_: UUID, visible: ColumnElement[bool]) -> Agent:
    """Return an agent within what is visible. Raises AgentNotFound, also for one who is not."""
    found = await session.scalar(select(Agent).where(Agent.id == id_, visible))
    if found is None:
        raise AgentNotFound
    return found


def agents(query: ListAgents, visible: ColumnElement[bool]) -> Select[Agent]:
    """Return the statement for the agents a list asks for."""
    statement = select(Agent).where(visible)
    if query.group_id:
        statement = statement.where(Agent.group_id == query.group_id)
    if query.parent_id:
        statement = statement.where(Agent.parent_id == query.parent_id)
    if query.q:
        texts = (Agent.name, Agent.email)
        statement = statement.where(or_(*(text.icontains(query.q, autoescape=True) for text in texts)))
    return statement


def groups() -> Select[AgentGroup]:
    """Return the statement for all agent groups."""
    return select(AgentGroup)


async def group_code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether an agent group has this code."""
    return bool(await session.scalar(select(exists().where(AgentGroup.code == code))))


async def email_taken(session: AsyncSession, email: str) -> bool:
    """Tell whether an agent has this address, in whatever case it is written."""
    return bool(await session.scalar(select(exists().where(func.lower(Agent.email) == email.lower()))))


async def settings(session: AsyncSession, lock: bool = False) -> SalesSettingsRow:
    """Return the shop's sales settings, which the first migration made; locked to be changed."""
    statement = select(SalesSettingsRow)
    return (await session.scalars(statement.with_for_update() if lock else statement)).one()


async def lock_teams(session: AsyncSession) -> None:
    """Let nobody else change an agent, a team or a group until this transaction ends.

    Every such change takes this lock first, so that two moves cannot make a cycle between them, and a new agent
    cannot slip past a change of their group. Sales take it never.
    """
    await session.execute(select(SalesSettingsRow.id).with_for_update())


async def above(session: AsyncSession, id_: UUID) -> Sequence[UUID]:
    """Return an agent and everyone above, the agent first; nothing when there is no such agent."""
    first = select(Agent.id, Agent.parent_id, literal(0).label("level")).where(Agent.id == id_)
    upline = first.cte("upline", recursive=True)
    parents = select(Agent.id, Agent.parent_id, upline.c.level + 1).where(Agent.id == upline.c.parent_id)
    upline = upline.union_all(parents)
    return (await session.scalars(select(upline.c.id).order_by(upline.c.level))).all()


async def height(session: AsyncSession, id_: UUID) -> int:
    """Return how many levels an agent's team has, the agent's own among them."""
    team = _team(id_)
    return await session.scalar(select(func.max(team.c.level))) or 1


async def raise_versions(session: AsyncSession, group_id: UUID, unbound: Sequence[str]) -> Sequence[Agent]:
    """Raise the version of the members who have no bound of their own in one of these columns, and return them.

    The rows are locked in id order first.
    """
    no_own = or_(*(getattr(Agent, name).is_(None) for name in unbound))
    theirs = (Agent.group_id == group_id, no_own)
    await session.execute(select(Agent.id).where(*theirs).order_by(Agent.id).with_for_update(key_share=True))
    raised = update(Agent).where(*theirs).values(version=Agent.version + 1).returning(Agent)
    members = await session.scalars(raised, execution_options={"populate_existing": True})
    return sorted(members, key=lambda member: member.id)


async def note_standings(session: AsyncSession, whose: ColumnElement[bool], since: datetime | None) -> None:
    """Keep how these agents stand from a moment on, as their rows and their groups' now say."""
    await session.flush()
    kept = ("agent_id", "since", "parent_id", "active", "commission_percent", "override_percent")
    now = select(
        Agent.id,
        literal(since, Standing.since.type),
        Agent.parent_id,
        Agent.status == AgentStatus.ACTIVE,
        AgentGroup.commission_percent,
        AgentGroup.override_percent,
    ).join(AgentGroup, AgentGroup.id == Agent.group_id)
    await session.execute(insert(Standing).from_select(kept, now.where(whose).order_by(Agent.id)))


def _team(id_: UUID | None) -> CTE:
    """Return an agent and everyone below, with the level each stands on, counted from 1."""
    first = select(Agent.id, literal(1).label("level")).where(Agent.id == id_)
    team = first.cte("team", recursive=True)
    return team.union_all(select(Agent.id, team.c.level + 1).where(Agent.parent_id == team.c.id))
