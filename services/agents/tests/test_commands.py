from decimal import Decimal

import pytest
from sqlalchemy import select

from services.agents.handlers.commands.agents import change_agent, move_agent, register_agent
from services.agents.handlers.commands.groups import change_agent_group, create_agent_group
from services.agents.handlers.commands.sales import change_sales_settings
from services.agents.handlers.queries import get_agent, get_sales_settings
from services.agents.invariants import ALL
from services.agents.settings import Settings, use
from services.agents.tests.conftest import CLERK, Desk
from services.agents.tests.samples import a_group, a_team, an_agent
from shared.contracts.agents.agents import (
    AgentChanged,
    AgentEmailTaken,
    AgentNotFound,
    AgentRegistered,
    AgentStatus,
    ChangeAgent,
    GetAgent,
    MoveAgent,
    RegisterAgent,
    TeamCycle,
    TeamTooDeep,
)
from shared.contracts.agents.groups import (
    AgentGroupChanged,
    AgentGroupCodeTaken,
    AgentGroupCreated,
    AgentGroupNotFound,
    ChangeAgentGroup,
    CreateAgentGroup,
)
from shared.contracts.agents.settings import (
    Attribution,
    ChangeSalesSettings,
    GetSalesSettings,
    SalesSettings,
    SalesSettingsChanged,
)
from shared.contracts.base import Envelope
from shared.kernel.ids import derived_id, new_id
from shared.kernel.problems import Malformed, PreconditionFailed
from shared.messaging.tables import OutboxRow


async def test_an_agent_is_registered_with_the_bounds_of_their_group(desk: Desk) -> None:
    group = await a_group(desk, max_discount_percent="35", max_increase_percent="120")

    nancy = await desk(
        register_agent,
        RegisterAgent(name="Nancy", email="Nancy@Example.com", locale="en", group_id=group.id),
        request_key="k1",
    )

    assert nancy.id == desk.work_as(CLERK, request_key="k1").made_id(RegisterAgent.subject)
    assert (nancy.email, nancy.status, nancy.version) == ("nancy@example.com", AgentStatus.ACTIVE, 1)
    assert (nancy.max_discount_percent, nancy.max_increase_percent) == (Decimal(35), Decimal(120))
    assert isinstance(desk.emitted[-1], AgentRegistered)
    assert desk.emitted[-1].agent.model_dump() == nancy.model_dump(exclude={"created_at"})


async def test_a_bound_of_their_own_comes_before_the_groups(desk: Desk) -> None:
    group = await a_group(desk, max_discount_percent="35")
    command = RegisterAgent(name="N", email="n@example.com", group_id=group.id, max_discount_percent=Decimal(0))

    assert (await desk(register_agent, command)).max_discount_percent == 0


async def test_two_agents_never_share_an_address(desk: Desk) -> None:
    group = await a_group(desk)
    await an_agent(desk, "Nancy", group)

    with pytest.raises(AgentEmailTaken):
        await desk(register_agent, RegisterAgent(name="Other", email="NANCY@example.com", group_id=group.id))


async def test_an_unknown_group_or_parent_is_refused_by_field(desk: Desk) -> None:
    group = await a_group(desk)
    for wrong, pointer in (
        ({"group_id": new_id()}, "/group_id"),
        ({"group_id": group.id, "parent_id": new_id()}, "/parent_id"),
    ):
        with pytest.raises(Malformed) as refused:
            await desk(register_agent, RegisterAgent(name="N", email="n@example.com", **wrong))
        assert [error.pointer for error in refused.value.errors] == [pointer]


async def test_a_team_has_three_levels_below_the_shop(desk: Desk, shop: Settings) -> None:
    lowest, _, top = await a_team(desk)
    group = await a_group(desk, "other")
    newcomer = await an_agent(desk, "Newcomer", group)

    with pytest.raises(TeamTooDeep):
        await an_agent(desk, "Robert", group, lowest)
    with pytest.raises(TeamTooDeep, match="4 levels"):  # a team is moved with everyone below
        await desk(move_agent, MoveAgent(id=top.id, expected_version=1, parent_id=newcomer.id))
    use(shop.model_copy(update={"max_team_levels": 0}))
    assert (await an_agent(desk, "Robert", group, lowest)).parent_id == lowest.id


async def test_nobody_is_moved_below_themselves(desk: Desk, shop: Settings) -> None:
    use(shop.model_copy(update={"max_team_levels": 0}))
    lowest, middle, top = await a_team(desk)

    for parent in (lowest, middle, top):
        with pytest.raises(TeamCycle):
            await desk(move_agent, MoveAgent(id=top.id, expected_version=1, parent_id=parent.id))


async def test_an_agent_moves_to_another_team_and_to_the_top(desk: Desk) -> None:
    lowest, _, top = await a_team(desk)

    under_top = await desk(move_agent, MoveAgent(id=lowest.id, expected_version=1, parent_id=top.id))
    at_top = await desk(move_agent, MoveAgent(id=lowest.id, expected_version=2, parent_id=None))

    assert (under_top.parent_id, at_top.parent_id, at_top.version) == (top.id, None, 3)
    assert [type(event) for event in desk.emitted[-2:]] == [AgentChanged, AgentChanged]
    with pytest.raises(Malformed):
        await desk(move_agent, MoveAgent(id=lowest.id, expected_version=3, parent_id=new_id()))


async def test_what_an_edit_leaves_out_stays(desk: Desk) -> None:
    nancy = await an_agent(desk, "Nancy", await a_group(desk))
    gold = await a_group(desk, "gold", max_discount_percent="20")

    moved = await desk(change_agent, ChangeAgent(id=nancy.id, expected_version=1, group_id=gold.id))
    expected = {"group_id": gold.id, "max_discount_percent": Decimal(20), "version": 2}
    assert moved == nancy.model_copy(update=expected)

    bounded = ChangeAgent(id=nancy.id, expected_version=2, max_discount_percent=Decimal(5), name="N.")
    changed = await desk(change_agent, bounded)
    assert (changed.name, changed.max_discount_percent, changed.status) == ("N.", Decimal(5), AgentStatus.ACTIVE)
    raised = ChangeAgent(id=nancy.id, expected_version=3, max_increase_percent=Decimal(200))
    assert (await desk(change_agent, raised)).max_increase_percent == 200
    suspended = ChangeAgent(id=nancy.id, expected_version=4, status=AgentStatus.SUSPENDED)
    assert (await desk(change_agent, suspended)).status is AgentStatus.SUSPENDED
    with pytest.raises(Malformed):
        await desk(change_agent, ChangeAgent(id=nancy.id, expected_version=5, group_id=new_id()))


async def test_an_edit_of_an_older_version_is_refused(desk: Desk) -> None:
    group = await a_group(desk)
    nancy = await an_agent(desk, "Nancy", group)

    for handler, stale in (
        (change_agent, ChangeAgent(id=nancy.id, expected_version=2)),
        (move_agent, MoveAgent(id=nancy.id, expected_version=2, parent_id=None)),
        (change_agent_group, ChangeAgentGroup(id=group.id, expected_version=2)),
    ):
        with pytest.raises(PreconditionFailed):
            await desk(handler, stale)
    with pytest.raises(AgentNotFound):
        await desk(change_agent, ChangeAgent(id=new_id(), expected_version=1))
    with pytest.raises(AgentGroupNotFound):
        await desk(change_agent_group, ChangeAgentGroup(id=new_id(), expected_version=1))


async def test_a_group_has_a_code_of_its_own(desk: Desk) -> None:
    group = await a_group(desk, "gold")

    assert desk.emitted == [AgentGroupCreated(group=group)]
    with pytest.raises(AgentGroupCodeTaken):
        await desk(
            create_agent_group,
            CreateAgentGroup(code="gold", name="G", commission_percent=Decimal(1), override_percent=Decimal(1)),
        )


async def test_a_groups_new_bound_is_told_of_everyone_whose_bound_it_is(desk: Desk) -> None:
    group, other = await a_group(desk), await a_group(desk, "other")
    nancy, janet = await an_agent(desk, "Nancy", group), await an_agent(desk, "Janet", group)
    await an_agent(desk, "Laura", other)
    own = RegisterAgent(name="Own", email="own@example.com", group_id=group.id, max_discount_percent=Decimal(1))
    bounded = await desk(register_agent, own)
    desk.emitted.clear()

    changed = await desk(
        change_agent_group, ChangeAgentGroup(id=group.id, expected_version=1, max_discount_percent=Decimal(34))
    )

    assert changed.max_discount_percent == 34
    assert desk.emitted[0] == AgentGroupChanged(group=changed)
    told = {event.agent.id: event.agent for event in desk.emitted[1:] if isinstance(event, AgentChanged)}
    assert set(told) == {nancy.id, janet.id}
    assert {(agent.max_discount_percent, agent.version) for agent in told.values()} == {(Decimal(34), 2)}
    assert (await desk(get_agent, GetAgent(id=nancy.id))).version == 2
    assert (await desk(get_agent, GetAgent(id=bounded.id))).version == 1


async def test_a_groups_new_percent_or_an_equal_bound_changes_no_agent(desk: Desk) -> None:
    group = await a_group(desk, max_discount_percent="10")
    await an_agent(desk, "Nancy", group)
    desk.emitted.clear()
    equal = ChangeAgentGroup(
        id=group.id, expected_version=1, commission_percent=Decimal(7), max_discount_percent=Decimal("10.0")
    )

    await desk(change_agent_group, equal)

    assert [type(event) for event in desk.emitted] == [AgentGroupChanged]


async def test_sales_settings_change_as_a_whole(desk: Desk) -> None:
    before = await desk(get_sales_settings, GetSalesSettings())
    acting_first = [Attribution.ACTING_AGENT, Attribution.CUSTOMER_AGENT]

    after = await desk(
        change_sales_settings,
        ChangeSalesSettings(expected_version=1, agents_serve_all=True, attribution=acting_first),
    )

    assert (before.agents_serve_all, before.attribution) == (False, acting_first[::-1])
    assert after == SalesSettings(id=before.id, version=2, agents_serve_all=True, attribution=acting_first)
    assert desk.emitted == [SalesSettingsChanged(settings=after)]
    assert await desk(get_sales_settings, GetSalesSettings()) == after
    with pytest.raises(PreconditionFailed):
        await desk(
            change_sales_settings,
            ChangeSalesSettings(expected_version=1, agents_serve_all=False, attribution=acting_first),
        )


async def test_a_fresh_database_tells_of_its_sales_settings_once(desk: Desk) -> None:
    [row] = await desk.work_as().session.scalars(select(OutboxRow))
    told = Envelope.read(row.body).event()

    assert told == SalesSettingsChanged(settings=await desk(get_sales_settings, GetSalesSettings()))
    assert told.settings.id == derived_id("agents.sales_settings")


async def test_nothing_has_drifted_after_all_that(desk: Desk) -> None:
    lowest, _, top = await a_team(desk)
    await desk(move_agent, MoveAgent(id=lowest.id, expected_version=1, parent_id=top.id))
    await desk(change_agent, ChangeAgent(id=top.id, expected_version=1, status=AgentStatus.SUSPENDED))
    changed = ChangeAgentGroup(id=top.group_id, expected_version=1, override_percent=Decimal(3))
    await desk(change_agent_group, changed)

    session = desk.work_as().session
    assert [sentence for check in ALL for sentence in await check(session)] == []
