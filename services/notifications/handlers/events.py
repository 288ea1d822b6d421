"""What notifications does about things that happen elsewhere: whoever is concerned is told, once for each step."""

from services.notifications import repository
from services.notifications.domain.letters import Recipient, cancellation, placement, placement_for_agent, receipt
from services.notifications.handlers.jobs import TellAgent, post
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.payments import PaymentRecorded
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def confirm_to_customer(event: OrderConfirmed, work: Work) -> None:
    await post(work, placement(event.order))


@handler
async def announce_to_agent(event: OrderConfirmed, work: Work) -> None:
    order = event.order
    if order.agent_id is None:
        return
    agent = await repository.known_agent(work.session, order.agent_id)
    if agent is None:
        # No order holds across producers: the sale may be heard of before its agent is.
        await work.schedule(TellAgent(order=order), key=f"{order.id}:v{order.version}")
        return
    await post(work, placement_for_agent(order, Recipient(agent.id, agent.name, agent.email, agent.locale)))


@handler
async def acknowledge_payment(event: PaymentRecorded, work: Work) -> None:
    await post(work, receipt(event.order, event.payment))


@handler
async def tell_of_cancellation(event: OrderCancelled, work: Work) -> None:
    await post(work, cancellation(event.order, event.reason))


@handler
async def keep_registered_agent(event: AgentRegistered, work: Work) -> None:
    await repository.keep_agent(work.session, event.agent)


@handler
async def keep_changed_agent(event: AgentChanged, work: Work) -> None:
    await repository.keep_agent(work.session, event.agent)
