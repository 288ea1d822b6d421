"""What every price needs first: the buyer, the seller and the shop's rules, asked for where they are not known yet."""

from uuid import UUID

from services.catalog.domain.dealings import Dealing, served_buyer, whose_prices
from services.catalog.repository import dealings, projections
from shared.contracts.actor import Actor, ActorType
from shared.contracts.agents.agents import GetSeller
from shared.contracts.customers.customers import GetBuyer
from shared.messaging.rpc import AskFn
from shared.messaging.work import UnitOfWork


def seller_id(actor: Actor) -> UUID | None:
    """Return the agent who acts, if it is one."""
    return actor.id if actor.type is ActorType.AGENT else None


async def prices_for(customer_id: UUID | None, work: UnitOfWork, ask: AskFn) -> Dealing:
    """Return what decides the prices a caller sees. Raises CustomerNotFound for a customer who is not theirs."""
    customer_id = whose_prices(work.actor, customer_id)
    if customer_id is None:
        return await dealings.read(work.session, None, None) if work.actor.type is ActorType.VISITOR else Dealing()
    async with work.look() as session:
        known = await dealings.read(session, customer_id, seller_id(work.actor))
    dealing = await complete(known, customer_id, work, ask)
    served_buyer(work.actor, dealing)
    return dealing


async def complete(known: Dealing, customer_id: UUID, work: UnitOfWork, ask: AskFn) -> Dealing:
    """Return a dealing with its buyer and seller: what no event has told yet is asked for once, and kept."""
    agent_id = seller_id(work.actor)
    buyer_known, seller_known = known.buyer is not None, known.seller is not None or agent_id is None
    if buyer_known and seller_known:
        return known
    customer = None if buyer_known else await ask(GetBuyer(id=customer_id))
    terms = None if agent_id is None or seller_known else await ask(GetSeller(id=agent_id))
    if customer is not None:
        await projections.keep_buyer(work.session, customer)
    if terms is not None:
        await projections.keep_seller(work.session, terms.agent)
        await projections.keep_sales_rules(work.session, terms.settings)
    return await dealings.read(work.session, customer_id, agent_id)
