"""Agent groups: what their members earn and how far they may move a price."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Code, Page, PageSize, Percent, Text, Uplift
from shared.kernel.problems import Conflict, NotFound


class AgentGroupView(Contract):
    """A group of agents: what they earn, what managers earn on them, how far they may move a price.

    Percents are of the order's net for `commission`, of the earning below for `override` (rules 3.9, on_top).
    """

    id: UUID
    code: Code
    name: Text
    commission_percent: Percent
    override_percent: Percent
    max_discount_percent: Percent
    max_increase_percent: Uplift
    created_at: datetime
    version: int


class AgentGroupNotFound(NotFound):
    """There is no such agent group; GET /v1/agent-groups lists them."""


class AgentGroupCodeTaken(Conflict):
    """Another agent group already has this code."""


class CreateAgentGroup(
    Command[AgentGroupView], subject="agents.create_agent_group.v1", allow={Permission.AGENTS_WRITE}
):
    """Creates a group of agents with its commission, override and price bounds."""

    code: Code
    name: Text
    commission_percent: Percent
    override_percent: Percent
    max_discount_percent: Percent = Decimal(0)
    max_increase_percent: Uplift = Decimal(0)


class ChangeAgentGroup(
    Command[AgentGroupView], subject="agents.change_agent_group.v1", allow={Permission.AGENTS_WRITE}, keyed=False
):
    """Edits an agent group; what is left out stays. Orders placed before keep what they earned."""

    id: UUID
    expected_version: int
    name: Text | None = None
    commission_percent: Percent | None = None
    override_percent: Percent | None = None
    max_discount_percent: Percent | None = None
    max_increase_percent: Uplift | None = None


class ListAgentGroups(
    Query[Page[AgentGroupView]], subject="agents.list_agent_groups.v1", allow={Permission.AGENTS_READ}
):
    """Returns the agent groups."""

    cursor: str | None = None
    limit: PageSize = 100


class AgentGroupCreated(Event, subject="agents.agent_group_created.v1", aggregate="group.id"):
    """An agent group exists that did not before."""

    group: AgentGroupView


class AgentGroupChanged(Event, subject="agents.agent_group_changed.v1", aggregate="group.id"):
    """An agent group pays or allows something else."""

    group: AgentGroupView
