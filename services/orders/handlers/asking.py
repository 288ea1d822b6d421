"""Who takes part in a sale: as their services have told, or asked for once where nothing was heard yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from services.orders import repository, settings
from services.orders.domain import placement
from services.orders.domain.attribution import attribute
from services.orders.domain.tax import check_rates
from services.orders.models import Buyer, SalesRules, Seller
from services.orders.repository import Projection
from shared.contracts.actor import Actor, ActorRef, ActorType
from shared.contracts.agents.agents import AgentNotFound, AgentStatus, GetSeller
from shared.contracts.agents.settings import Attribution
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.customers.customers import GetBuyer
from shared.contracts.orders.orders import PlaceOrder
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@dataclass(slots=True)
class Sale:
    """Who buys, the agents behind it by id, the shop's rules, the VAT rates; `asked` is what is not kept here yet."""

    order_id: UUID
    placed: bool
    buyer: Buyer
    acting_id: UUID | None
    sellers: dict[UUID, Seller]
    rules: SalesRules | None
    rates: dict[TaxCategory, Decimal]
    asked: list[Projection] = field(default_factory=list)

    def is_active(self, agent_id: UUID | None) -> bool:
        return agent_id in self.sellers and self.sellers[agent_id].status is AgentStatus.ACTIVE

    def attribution(self) -> tuple[UUID | None, Attribution | None]:
        precedence = [Attribution(reason) for reason in self.rules.attribution] if self.rules else []
        behind = {Attribution.CUSTOMER_AGENT: self.buyer.agent_id, Attribution.ACTING_AGENT: self.acting_id}
        return attribute(precedence, {reason: id_ for reason, id_ in behind.items() if self.is_active(id_)})

    def placed_by(self, actor: Actor) -> ActorRef:
        """Return who placed the order, and on whose behalf where it is somebody else's."""
        ref = actor.ref(on_behalf_of=None if actor.id == self.buyer.id else self.buyer.id)
        names = {self.buyer.id: self.buyer.name} | {id_: seller.name for id_, seller in self.sellers.items()}
        return ref if ref.name or actor.id is None else ref.model_copy(update={"name": names.get(actor.id)})

    def check(self, actor: Actor) -> None:
        """Refuse a sale that this actor may not make to this buyer."""
        serves_all = self.rules is not None and self.rules.agents_serve_all
        placement.check_reach(actor, self.buyer.agent_id, serves_all)
        if self.acting_id and not self.is_active(self.acting_id):
            raise placement.seller_suspended()
        placement.check_buyer(self.buyer.status)


async def sale_to(customer_id: UUID, work: Work, ask: Ask) -> Sale:
    """Return who takes part in a sale. Raises CustomerNotFound, Conflict where no VAT rate is known, and
    IdempotencyMismatch where another body was sent with the key that placed the order.

    Two statements; nothing is asked but what was not heard of yet.
    """
    order_id = work.made_id(PlaceOrder.subject)
    acting_id = work.actor.id if work.actor.type is ActorType.AGENT else None
    country = settings.current().seller_country
    async with work.look() as session:
        known = await repository.parties(session, order_id, customer_id, acting_id)
        rates = await repository.rates(session, country, work.as_of)
    if known.placed:
        work.check_repeat(known.placed_digest)
    check_rates(rates, country)
    buyer = known.buyer or repository.buyer_of(await ask(GetBuyer(id=customer_id)))
    sellers = {seller.id: seller for seller in (known.buyers_agent, known.acting_agent) if seller}
    sale = Sale(order_id, known.placed, buyer, acting_id, sellers, known.rules, rates, [] if known.buyer else [buyer])
    await _hear_of({id_ for id_ in (buyer.agent_id, acting_id) if id_}, sale, ask)
    return sale


async def _hear_of(agent_ids: Iterable[UUID], sale: Sale, ask: Ask) -> None:
    """Ask agents for sellers, and for the sales rules, nothing was heard of yet; an unknown seller stays unknown."""
    for agent_id in sorted(agent_ids):
        if agent_id in sale.sellers and sale.rules is not None:
            continue
        try:
            terms = await ask(GetSeller(id=agent_id))
        except AgentNotFound:
            continue
        sale.sellers[agent_id], sale.rules = repository.seller_of(terms.agent), repository.rules_of(terms.settings)
        sale.asked += [sale.sellers[agent_id], sale.rules]
