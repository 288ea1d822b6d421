"""Agents and their teams."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission, service_permission
from shared.contracts.agents.settings import SalesSettings
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Email, Line, Locale, Page, PageSize, Percent, Text, Uplift
from shared.kernel.problems import Conflict, NotFound

READ = {Permission.AGENTS_READ, Permission.AGENTS_READ_OWN}
SELLER_KEEPERS = frozenset({"catalog", "customers", "orders", "notifications"})


class AgentStatus(StrEnum):
    """Whether an agent may sell and earn."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class AgentView(Contract):
    """An agent."""

    id: UUID
    name: Text
    email: Email
    locale: Locale
    group_id: UUID
    parent_id: UUID | None
    status: AgentStatus
    max_discount_percent: Percent
    max_increase_percent: Uplift
    created_at: datetime
    version: int


class AgentSnapshot(Contract):
    """An agent as events tell it: with the price bounds in force for them."""

    id: UUID
    version: int
    name: Text
    email: Email
    locale: Locale
    group_id: UUID
    parent_id: UUID | None
    status: AgentStatus
    max_discount_percent: Percent
    max_increase_percent: Uplift


class SellerTerms(Contract):
    """The agent asked for, and the shop's sales rules."""

    agent: AgentSnapshot
    settings: SalesSettings


class AgentNotFound(NotFound):
    """There is no agent here that you may see."""


class AgentEmailTaken(Conflict):
    """Another agent already has this e-mail address."""


class TeamCycle(Conflict):
    """An agent cannot stand above themselves; choose a parent outside their own team."""


class TeamTooDeep(Conflict):
    """The team would have more levels than the shop allows."""


class RegisterAgent(Command[AgentView], subject="agents.register_agent.v1", allow={Permission.AGENTS_WRITE}):
    """Adds an agent, under a parent or at the top; price bounds left out are the group's."""

    name: Text
    email: Email
    locale: Locale = "fr"
    group_id: UUID
    parent_id: UUID | None = None
    max_discount_percent: Percent | None = None
    max_increase_percent: Uplift | None = None


class ChangeAgent(Command[AgentView], subject="agents.change_agent.v1", allow={Permission.AGENTS_WRITE}, keyed=False):
    """Edits an agent; what is left out stays as it is."""

    id: UUID
    expected_version: int
    name: Text | None = None
    group_id: UUID | None = None
    status: AgentStatus | None = None
    max_discount_percent: Percent | None = None
    max_increase_percent: Uplift | None = None


class MoveAgent(Command[AgentView], subject="agents.move_agent.v1", allow={Permission.AGENTS_WRITE}, keyed=False):
    """Puts an agent under another parent, or at the top; only orders placed afterwards follow."""

    id: UUID
    expected_version: int
    parent_id: UUID | None


class GetAgent(Query[AgentView], subject="agents.get_agent.v1", allow=READ):
    """Returns one agent; without an id, the caller themselves. An agent sees themselves and their team."""

    id: UUID | None = None


class ListAgents(Query[Page[AgentView]], subject="agents.list_agents.v1", allow=READ):
    """Returns agents, newest first; an agent gets themselves and their team."""

    q: Line | None = Field(default=None, max_length=100)
    group_id: UUID | None = None
    parent_id: UUID | None = None
    cursor: str | None = None
    limit: PageSize = 20


class GetSeller(
    Query[SellerTerms],
    subject="agents.get_seller.v1",
    allow={service_permission(name) for name in SELLER_KEEPERS} | {Permission.PUBLIC},
    asked_by=SELLER_KEEPERS,
):
    """Returns an agent as events tell it, for a service whose projection has not heard of them yet."""

    id: UUID


class AgentRegistered(Event, subject="agents.agent_registered.v1", aggregate="agent.id"):
    """A new agent sells for the shop."""

    agent: AgentSnapshot


class AgentChanged(Event, subject="agents.agent_changed.v1", aggregate="agent.id"):
    """An agent's name, status, team or price bounds changed."""

    agent: AgentSnapshot
