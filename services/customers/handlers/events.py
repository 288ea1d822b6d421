"""What customers keeps of what agents tells: which agents exist, and whether each serves every customer."""

from services.customers import repository
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.agents.settings import SalesSettingsChanged
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def keep_registered_agent(event: AgentRegistered, work: Work) -> None:
    await repository.keep_agent(work.session, event.agent)


@handler
async def keep_changed_agent(event: AgentChanged, work: Work) -> None:
    await repository.keep_agent(work.session, event.agent)


@handler
async def keep_sales_rules(event: SalesSettingsChanged, work: Work) -> None:
    await repository.keep_sales_rules(work.session, event.settings)
