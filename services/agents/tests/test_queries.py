from decimal import Decimal

import pytest

from services.agents.handlers.commands.sales import change_sales_settings
from services.agents.handlers.events import accrue_commission, earn_commission
from services.agents.handlers.queries import (
    get_agent,
    get_seller,
    get_statement,
    list_agent_groups,
    list_agents,
    list_commissions,
)
from services.agents.tests.conftest import Desk
from services.agents.tests.samples import a_group, a_sale, a_team, an_agent, euros
from shared.contracts.actor import VISITOR, Actor, service_actor
from shared.contracts.agents.agents import AgentNotFound, GetAgent, GetSeller, ListAgents
from shared.contracts.agents.commissions import EntryKind, GetStatement, ListCommissions
from shared.contracts.agents.groups import ListAgentGroups
from shared.contracts.agents.settings import Attribution, ChangeSalesSettings
from shared.contracts.orders.orders import OrderConfirmed
from shared.contracts.orders.payments import OrderPaid
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.testing import agent, customer, staff

K = EntryKind


async def names(desk: Desk, query: ListAgents, **who: Actor) -> list[str]:
    return [item.name for item in (await desk(list_agents, query, **who)).items]


async def test_an_agent_sees_themselves_and_their_team_at_any_depth(desk: Desk) -> None:
    lowest, middle, top = await a_team(desk)
    await an_agent(desk, "Stranger", await a_group(desk, "other"))

    assert await desk(get_agent, GetAgent(), agent(top.id)) == top
    assert await desk(get_agent, GetAgent(id=lowest.id), agent(top.id)) == lowest
    assert await names(desk, ListAgents(), actor=agent(top.id)) == ["Anne", "Steven", "Andrew"]
    assert await names(desk, ListAgents(), actor=agent(middle.id)) == ["Anne", "Steven"]
    for hidden in (middle.id, top.id, new_id()):
        with pytest.raises(AgentNotFound):
            await desk(get_agent, GetAgent(id=hidden), agent(lowest.id))


async def test_staff_see_every_agent_if_they_may(desk: Desk) -> None:
    lowest, *_ = await a_team(desk)

    assert len(await names(desk, ListAgents())) == 3
    assert await names(desk, ListAgents(), actor=staff()) == []
    with pytest.raises(AgentNotFound):
        await desk(get_agent, GetAgent(id=lowest.id), staff())
    with pytest.raises(AgentNotFound, match="name one by id"):
        await desk(get_agent, GetAgent())


async def test_agents_are_filtered_where_the_rows_are(desk: Desk) -> None:
    *_, top = await a_team(desk)
    other = await a_group(desk, "other")
    await an_agent(desk, "Laura", other)

    for wanted, found in (
        (ListAgents(q="AN"), ["Anne", "Andrew"]),
        (ListAgents(q="steven@"), ["Steven"]),
        (ListAgents(q="%"), []),
        (ListAgents(group_id=other.id), ["Laura"]),
        (ListAgents(parent_id=top.id), ["Steven"]),
    ):
        assert await names(desk, wanted) == found, wanted
    first = await desk(list_agents, ListAgents(limit=3))
    second = await desk(list_agents, ListAgents(limit=3, cursor=first.next))
    assert [item.name for item in (*first.items, *second.items)] == ["Laura", "Anne", "Steven", "Andrew"]


async def test_agent_groups_are_listed(desk: Desk) -> None:
    group = await a_group(desk)

    assert (await desk(list_agent_groups, ListAgentGroups())).items == [group]


async def test_a_seller_is_told_to_services_and_to_those_it_concerns(desk: Desk) -> None:
    lowest, middle, top = await a_team(desk)
    wanted = GetSeller(id=middle.id)

    for actor in (service_actor("orders"), staff(), customer(new_id()), agent(middle.id), agent(top.id)):
        terms = await desk(get_seller, wanted, actor)
        assert terms.agent.model_dump() == middle.model_dump(exclude={"created_at"})
        assert terms.settings.version == 1
    for actor in (VISITOR, agent(lowest.id)):
        with pytest.raises(AgentNotFound):
            await desk(get_seller, wanted, actor)
    serve_all = ChangeSalesSettings(expected_version=1, agents_serve_all=True, attribution=[Attribution.ACTING_AGENT])
    await desk(change_sales_settings, serve_all)
    assert (await desk(get_seller, wanted, agent(lowest.id))).settings.agents_serve_all


async def test_an_agent_reads_their_own_statement_only(desk: Desk) -> None:
    seller, manager, _ = await a_team(desk)
    sale, francs = a_sale(seller.id, "100.00"), a_sale(seller.id, "200.00", currency="CHF")
    await desk(accrue_commission, OrderConfirmed(order=sale))
    await desk(accrue_commission, OrderConfirmed(order=francs))
    await desk(earn_commission, OrderPaid(order=sale))

    own = await desk(get_statement, GetStatement(), agent(seller.id))

    assert [(one.currency, one.accrued, one.earned) for one in own.balances] == [
        ("CHF", Money(Decimal("10.00"), "CHF"), Money(Decimal(0), "CHF")),
        ("EUR", euros("0.00"), euros("5.00")),
    ]
    assert [(one.kind, one.amount.currency) for one in own.entries] == [
        (K.EARNED, "EUR"),
        (K.ACCRUED, "CHF"),
        (K.ACCRUED, "EUR"),
    ]
    assert await desk(get_statement, GetStatement(agent_id=seller.id)) == own
    assert len((await desk(get_statement, GetStatement(limit=1), agent(seller.id))).entries) == 1
    for actor, whose in ((agent(manager.id), seller.id), (staff(), seller.id), (agent(new_id()), None)):
        with pytest.raises(AgentNotFound):
            await desk(get_statement, GetStatement(agent_id=whose), actor)


async def test_an_agent_lists_their_own_entries_only(desk: Desk) -> None:
    seller, manager, top = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")
    await desk(accrue_commission, OrderConfirmed(order=sale))
    await desk(earn_commission, OrderPaid(order=sale))

    async def listed(query: ListCommissions, **who: Actor) -> set[tuple[int, EntryKind]]:
        return {(one.level, one.kind) for one in (await desk(list_commissions, query, **who)).items}

    everything = {(level, kind) for level in (0, 1, 2) for kind in (K.ACCRUED, K.EARNED)}
    assert await listed(ListCommissions()) == everything
    assert await listed(ListCommissions(order_id=sale.id)) == everything
    assert await listed(ListCommissions(order_id=new_id())) == set()
    assert await listed(ListCommissions(kind=K.EARNED, agent_id=top.id)) == {(2, K.EARNED)}
    assert await listed(ListCommissions(), actor=agent(manager.id)) == {(1, K.ACCRUED), (1, K.EARNED)}
    assert await listed(ListCommissions(agent_id=seller.id), actor=agent(manager.id)) == set()
    assert await listed(ListCommissions(), actor=staff()) == set()
