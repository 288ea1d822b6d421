"""What orders keeps of what customers and agents tell: who buys, who sells, whose a sale is."""

from services.orders import repository
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.agents.settings import SalesSettingsChanged
from shared.contracts.customers.customers import AgentAssigned, CustomerChanged, CustomerRegistered, GroupsChanged
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def keep_registered_customer(event: CustomerRegistered, work: Work) -> None:
    await repository.keep(work.session, repository.buyer_of(event.customer))


@handler
async def keep_changed_customer(event: CustomerChanged, work: Work) -> None:
    await repository.keep(work.session, repository.buyer_of(event.customer))


@handler
async def keep_changed_groups(event: GroupsChanged, work: Work) -> None:
    await repository.keep(work.session, repository.buyer_of(event.customer))


@handler
async def keep_assigned_agent(event: AgentAssigned, work: Work) -> None:
    await repository.keep(work.session, repository.buyer_of(event.customer))


@handler
async def keep_registered_agent(event: AgentRegistered, work: Work) -> None:
    await repository.keep(work.session, repository.seller_of(event.agent))


@handler
async def keep_changed_agent(event: AgentChanged, work: Work) -> None:
    await repository.keep(work.session, repository.seller_of(event.agent))


@handler
async def keep_sales_rules(event: SalesSettingsChanged, work: Work) -> None:
    await repository.keep(work.session, repository.rules_of(event.settings))
