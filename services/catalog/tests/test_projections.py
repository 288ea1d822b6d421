"""What catalog remembers of buyers, groups, sellers and the sales rule."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.tests.samples import (
    Shop,
    a_buyer,
    a_group,
    a_seller,
    every_row,
    sales_settings,
)
from shared.contracts.agents.agents import AgentChanged, AgentStatus
from shared.contracts.customers.customers import (
    AgentAssigned,
    CustomerChanged,
    CustomerStatus,
    GroupsChanged,
)
from shared.kernel.ids import new_id


async def test_a_projection_never_goes_back(shop: Shop, connection: AsyncConnection) -> None:
    buyer, group, seller = a_buyer(version=3), a_group(version=3), a_seller(version=3)
    settings = sales_settings(agents_serve_all=True, version=3)
    await shop.knows(buyer, group, seller, settings)
    kept = await every_row(connection)

    await shop(
        events.keep_changed_customer,
        CustomerChanged(customer=buyer.model_copy(update={"version": 2, "status": CustomerStatus.PENDING})),
    )
    await shop(
        events.keep_changed_agent,
        AgentChanged(agent=seller.model_copy(update={"version": 2, "status": AgentStatus.SUSPENDED})),
    )
    await shop.knows(
        group.model_copy(update={"version": 2, "show_prices": False}),
        settings.model_copy(update={"version": 2, "agents_serve_all": False}),
    )

    assert await every_row(connection) == kept


async def test_a_projection_keeps_what_is_newer(shop: Shop, connection: AsyncConnection) -> None:
    buyer, agent_id, group_id = a_buyer(), new_id(), new_id()
    await shop.knows(buyer)

    grouped = buyer.model_copy(update={"version": 2, "group_ids": [group_id]})
    await shop(events.keep_changed_groups, GroupsChanged(customer=grouped))
    assigned = grouped.model_copy(update={"version": 3, "agent_id": agent_id})
    await shop(events.keep_assigned_agent, AgentAssigned(customer=assigned))

    row = (await connection.execute(text("SELECT version, group_ids, agent_id FROM buyers"))).one()
    assert tuple(row) == (3, [group_id], agent_id)
