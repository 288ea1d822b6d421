from typing import Any

import pytest
from sqlalchemy import select

from services.orders.handlers import events
from services.orders.models import Buyer, SalesRules, Seller
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import RULES, bob, nancy
from shared.contracts.agents.agents import AgentChanged, AgentRegistered, AgentStatus
from shared.contracts.agents.settings import SalesSettingsChanged
from shared.contracts.customers.customers import AgentAssigned, CustomerChanged, CustomerRegistered, GroupsChanged
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler

ABOUT_BUYERS = [
    (events.keep_registered_customer, CustomerRegistered),
    (events.keep_changed_customer, CustomerChanged),
    (events.keep_changed_groups, GroupsChanged),
    (events.keep_assigned_agent, AgentAssigned),
]
ABOUT_SELLERS = [(events.keep_registered_agent, AgentRegistered), (events.keep_changed_agent, AgentChanged)]


async def row(desk: Desk, model: Any, id_: Any) -> Any:
    async with desk.work_as().look() as session:
        return await session.scalar(select(model).where(model.id == id_))


@pytest.mark.parametrize(("handler", "event"), ABOUT_BUYERS)
async def test_what_customers_tell_of_a_buyer_is_kept(desk: Desk, handler: Handler, event: Any) -> None:
    told = bob(id=new_id(), name="Zoé")
    for _ in range(2):
        await desk(handler, event(customer=told))

    kept = await row(desk, Buyer, told.id)
    assert (kept.name, kept.agent_id, kept.group_ids) == ("Zoé", told.agent_id, told.group_ids)
    assert kept.billing_address["city"] == "Paris"


@pytest.mark.parametrize(("handler", "event"), ABOUT_SELLERS)
async def test_what_agents_tell_of_a_seller_is_kept(desk: Desk, handler: Handler, event: Any) -> None:
    told = nancy(id=new_id(), name="Zoé")
    for _ in range(2):
        await desk(handler, event(agent=told))

    assert (await row(desk, Seller, told.id)).name == "Zoé"


async def test_news_change_what_is_known_and_older_news_does_not(desk: Desk) -> None:
    rules = RULES.model_copy(update={"version": 3, "agents_serve_all": True})
    for version in (3, 2):
        await desk(events.keep_changed_customer, CustomerChanged(customer=bob(version=version, name=f"Bob {version}")))
        suspended = AgentStatus.SUSPENDED if version == 3 else AgentStatus.ACTIVE
        await desk(events.keep_changed_agent, AgentChanged(agent=nancy(version=version, status=suspended)))
        await desk(events.keep_sales_rules, SalesSettingsChanged(settings=rules))
        rules = rules.model_copy(update={"version": 2, "agents_serve_all": False})

    assert (await row(desk, Buyer, bob().id)).name == "Bob 3"
    assert (await row(desk, Seller, nancy().id)).status is AgentStatus.SUSPENDED
    assert (await row(desk, SalesRules, RULES.id)).agents_serve_all
