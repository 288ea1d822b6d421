"""What groups of agents earn, and how far their members may move a price."""

from services.agents.models import Agent, AgentGroup
from services.agents.repository import agents
from shared.contracts.agents.agents import AgentChanged, AgentSnapshot
from shared.contracts.agents.groups import (
    AgentGroupChanged,
    AgentGroupCodeTaken,
    AgentGroupCreated,
    AgentGroupNotFound,
    AgentGroupView,
    ChangeAgentGroup,
    CreateAgentGroup,
)
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work

EARNED = ("commission_percent", "override_percent")
BOUNDS = {
    "max_discount_percent": "own_max_discount_percent",
    "max_increase_percent": "own_max_increase_percent",
}


@handler
async def create_agent_group(command: CreateAgentGroup, work: Work) -> AgentGroupView:
    id_ = work.made_id(command.subject)
    if made := await work.made_before(AgentGroup, id_):
        return AgentGroupView.model_validate(made)
    if await agents.group_code_taken(work.session, command.code):
        raise AgentGroupCodeTaken
    group = AgentGroup(
        id=id_,
        created_at=work.as_of,
        version=1,
        request_digest=work.digest,
        **command.model_dump(),
    )
    work.session.add(group)
    view = AgentGroupView.model_validate(group)
    work.emit(AgentGroupCreated(group=view))
    return view


@handler
async def change_agent_group(command: ChangeAgentGroup, work: Work) -> AgentGroupView:
    await agents.lock_teams(work.session)
    group = await lock(work.session, AgentGroup, command.id, AgentGroupNotFound(), command.expected_version)
    asked = command.model_dump(exclude={"id", "expected_version"}, exclude_none=True)
    changed = {name: value for name, value in asked.items() if value != getattr(group, name)}
    for name, value in changed.items():
        setattr(group, name, value)
    view = AgentGroupView.model_validate(group)
    work.emit(AgentGroupChanged(group=view))
    if any(name in changed for name in EARNED):
        await agents.note_standings(work.session, Agent.group_id == group.id, since=work.as_of)
    moved = [own for bound, own in BOUNDS.items() if bound in changed]
    members = await agents.raise_versions(work.session, group.id, unbound=moved) if moved else []
    for member in members:
        work.emit(AgentChanged(agent=AgentSnapshot.model_validate(member)))
    return view
