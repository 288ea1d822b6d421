"""How many SQL statements the use cases of agents need; the number never depends on levels or lines."""

import pytest

from services.agents.handlers.events import accrue_commission, earn_commission, take_back_commission
from services.agents.handlers.queries import get_agent, get_seller, get_statement, list_agents
from services.agents.settings import Settings, use
from services.agents.tests.conftest import Desk
from services.agents.tests.samples import a_group, a_sale, an_agent
from shared.contracts.agents.agents import GetAgent, GetSeller, ListAgents
from shared.contracts.agents.commissions import GetStatement
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.payments import OrderPaid
from shared.testing import agent


@pytest.mark.parametrize("levels", [1, 3, 6])
async def test_a_sale_is_a_handful_of_statements_however_high_the_team(
    desk: Desk, shop: Settings, statements: list[str], levels: int
) -> None:
    use(shop.model_copy(update={"max_team_levels": 0}))
    group, seller = await a_group(desk, override_percent="50"), None
    for level in range(levels):
        seller = await an_agent(desk, f"a{level}", group, seller)
    assert seller
    first, second = (a_sale(seller.id, *["100.00"] * 7) for _ in range(2))

    for handler, message, budget in (
        (accrue_commission, OrderConfirmed(order=first), 4),
        (earn_commission, OrderPaid(order=first), 5),
        (take_back_commission, OrderCancelled(order=first, reason="late"), 5),
        (accrue_commission, OrderConfirmed(order=second), 4),
        (take_back_commission, OrderCancelled(order=second, reason="late"), 5),
    ):
        statements.clear()
        await desk(handler, message)
        assert len(statements) == budget, statements


async def test_a_sale_without_an_agent_costs_no_statement_at_all(desk: Desk, statements: list[str]) -> None:
    await desk(accrue_commission, OrderConfirmed(order=a_sale(None)))

    assert statements == []


async def test_questions_are_one_to_three_statements(desk: Desk, statements: list[str]) -> None:
    nancy = await an_agent(desk, "Nancy", await a_group(desk))
    await desk(accrue_commission, OrderConfirmed(order=a_sale(nancy.id)))

    for handler, query, budget in (
        (get_agent, GetAgent(), 1),
        (list_agents, ListAgents(), 1),
        (get_seller, GetSeller(id=nancy.id), 2),
        (get_statement, GetStatement(), 3),
    ):
        statements.clear()
        await desk(handler, query, agent(nancy.id))
        assert len(statements) == budget, statements
