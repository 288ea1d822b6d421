"""Who takes part in a sale: as their services have told, or asked for once where nothing was heard yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from services.orders import repository, settings
from services.orders.domain import tax
from services.orders.domain.attribution import attribute
from services.orders.models import Buyer, SalesRules, Seller
from services.orders.repository import Projection
from shared.contracts.actor import ActorType
from shared.contracts.agents.agents import AgentNotFound, AgentStatus, GetSeller
from shared.contracts.agents.settings import Attribution
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.customers.customers import GetBuyer
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@dataclass(slots=True)
class Sale:
    """Who buys, which agents stand behind it, the shop's rules and the VAT rates; `asked` is not kept here yet."""

    buyer: Buyer
    acting_id: UUID | None
    sellers: dict[UUID, Seller]
    rules: SalesRules | None
    rates: dict[TaxCategory, Decimal]
    asked: list[Projection] = field(default_factory=list)

    @property
    def acting(self) -> Seller | None:
        return self.sellers.get(self.acting_id) if self.acting_id else None

    @property
    def agents_serve_all(self) -> bool:
        return self.rules is not None and self.rules.agents_serve_all

    def attribution(self) -> tuple[UUID | None, Attribution | None]:
        precedence = [Attribution(reason) for reason in self.rules.attribution] if self.rules else []
        behind = {Attribution.CUSTOMER_AGENT: self.buyer.agent_id, Attribution.ACTING_AGENT: self.acting_id}
        active = {id_ for id_, seller in self.sellers.items() if seller.status is AgentStatus.ACTIVE}
        return attribute(precedence, {reason: id_ for reason, id_ in behind.items() if id_ in active})


async def sale_to(customer_id: UUID, work: Work, ask: Ask) -> Sale:
    """Return who takes part in a sale. Raises CustomerNotFound, and Conflict where no VAT rate is known.

    Two statements; no ask but for what was not heard of yet.
    """
    acting_id = work.actor.id if work.actor.type is ActorType.AGENT else None
    country = settings.current().seller_country
    async with work.look() as session:
        known = await repository.parties(session, customer_id, acting_id)
        rates = await repository.rates(session, country, work.as_of)
    tax.check_rates(rates, country)
    buyer = known.buyer or repository.buyer_of(await ask(GetBuyer(id=customer_id)))
    sellers = {seller.id: seller for seller in (known.buyers_agent, known.acting_agent) if seller}
    sale = Sale(buyer, acting_id, sellers, known.rules, rates, [] if known.buyer else [buyer])
    await _hear_of({id_ for id_ in (buyer.agent_id, acting_id) if id_}, sale, ask)
    return sale


async def _hear_of(agent_ids: Iterable[UUID], sale: Sale, ask: Ask) -> None:
    """Ask agents for those sellers, and for the sales rules, of whom nothing was heard yet; an unknown one stays so."""
    for agent_id in sorted(agent_ids):
        if agent_id in sale.sellers and sale.rules is not None:
            continue
        try:
            terms = await ask(GetSeller(id=agent_id))
        except AgentNotFound:
            continue
        sale.sellers[agent_id], sale.rules = repository.seller_of(terms.agent), repository.rules_of(terms.settings)
        sale.asked += [sale.sellers[agent_id], sale.rules]
