"""Who deals with whom: whose prices someone may see, who may order for whom, who may set prices by hand."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.manual_prices import ANY_PRICE, Latitude
from services.catalog.domain.prices import EVERYONE, Viewer
from services.catalog.domain.pricing.facts import ListFacts
from services.catalog.domain.visibility import VisibilityFact
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.storefront import CatalogueOnly, MarketNotOpen, PriceReason
from shared.contracts.customers.customers import (
    AccountPending,
    CustomerNotFound,
    CustomerStatus,
    CustomerSuspended,
)
from shared.kernel.problems import FieldError, Forbidden

KNOWING = {Permission.CUSTOMERS_READ, Permission.ORDERS_PLACE}
EXPLAINING = {Permission.PRICES_WRITE, Permission.CATALOG_READ}


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """A customer as this service knows them.

    `hiding_groups` of their groups do not show prices; `company_ids`: their company, its parent, and so on upwards.
    """

    id: UUID
    status: CustomerStatus
    group_ids: tuple[UUID, ...]
    agent_id: UUID | None
    hiding_groups: int
    company_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """An agent as this service knows them; bounds in percent of the computed price."""

    id: UUID
    status: AgentStatus
    max_discount: Decimal
    max_increase: Decimal


@dataclass(frozen=True, slots=True)
class Dealing:
    """Everything that decides prices, sight and rights between a buyer and whoever acts.

    `stamp` is that of the rule book; `lists` are price lists in force, each with one of its targets; `own_rules` are
    the buyer's own rules about categories. `market` is the one named, None where no list and no promotion knows it.
    """

    stamp: UUID
    buyer: BuyerFacts | None = None
    seller: SellerFacts | None = None
    agents_serve_all: bool = False
    visitor_group_id: UUID | None = None
    visitors_see_prices: bool = True
    lists: tuple[tuple[UUID, ListFacts], ...] = ()
    own_rules: tuple[VisibilityFact, ...] = ()
    market: str | None = None


def whose_prices(actor: Actor, customer_id: UUID | None) -> UUID | None:
    """Return the customer whose prices an actor asks for; none means the public's.

    Raises CustomerNotFound where a visitor or a customer asks for somebody else's.
    """
    if actor.type is ActorType.CUSTOMER:
        if customer_id not in (None, actor.id):
            raise CustomerNotFound
        return actor.id
    if actor.type is ActorType.VISITOR and customer_id is not None:
        raise CustomerNotFound
    return customer_id


def viewer(actor: Actor, dealing: Dealing, market: str | None = None) -> Viewer:
    """Return for whom prices are shown: the buyer, the visitor, or staff and agents who look at nobody's in particular.

    A buyer who is not approved browses at a visitor's prices (rules 3.7). Prices are hidden from a buyer only when all
    their groups hide them.
    """
    buyer = dealing.buyer
    if buyer is None and actor.type is not ActorType.VISITOR:
        return replace(EVERYONE, market=market)
    if buyer is None or buyer.status is not CustomerStatus.APPROVED:
        groups = frozenset({dealing.visitor_group_id} if dealing.visitor_group_id else ())
        reason = PriceReason.LOGIN_REQUIRED if buyer is None else PriceReason.GROUP_HIDDEN
        return Viewer(group_ids=groups, hidden=None if dealing.visitors_see_prices else reason, market=market)
    hides = bool(buyer.group_ids) and buyer.hiding_groups == len(buyer.group_ids)
    hidden = PriceReason.GROUP_HIDDEN if hides else None
    return Viewer(buyer.id, buyer.company_ids, frozenset(buyer.group_ids), hidden, market)


def lists_for(viewer: Viewer, dealing: Dealing) -> tuple[ListFacts, ...]:
    """Return the price lists that count for a viewer, each as near as its nearest target, oldest first."""
    counting, nearest = viewer.counting, dict[UUID, ListFacts]()
    for target_id, facts in dealing.lists:
        if target_id in counting:
            near = viewer.nearness(target_id)
            kept = nearest.get(facts.id)
            if kept is None or near < kept.nearness:
                nearest[facts.id] = replace(facts, nearness=near)
    return tuple(sorted(nearest.values(), key=lambda facts: facts.number))


def served_buyer(actor: Actor, dealing: Dealing, *, explaining: bool = False) -> BuyerFacts:
    """Return the buyer an actor may look after. Raises CustomerNotFound where they may not know of them.

    Staff need to know customers, or to order for them: who only keeps the catalogue learns of nobody here.
    `explaining`: they ask why a price or a product is seen as it is, which names nobody, and whose rules they keep.
    """
    buyer = dealing.buyer
    if buyer is None:
        raise CustomerNotFound
    if actor.type is ActorType.AGENT:
        serves = actor.may(Permission.ORDERS_PLACE) or dealing.agents_serve_all or buyer.agent_id == actor.id
    else:
        wanted = KNOWING | EXPLAINING if explaining else KNOWING
        serves = any(map(actor.may, wanted)) if actor.type is ActorType.STAFF else buyer.id == actor.id
    if not serves:
        raise CustomerNotFound
    return buyer


def check_may_order(actor: Actor, dealing: Dealing) -> None:
    """Refuse an order for this buyer by this actor: not theirs, not approved, or an agent who may not sell."""
    buyer = served_buyer(actor, dealing)
    if actor.type is ActorType.STAFF and not actor.may(Permission.ORDERS_PLACE):
        raise CustomerNotFound
    if buyer.status is CustomerStatus.PENDING:
        raise AccountPending
    if buyer.status is CustomerStatus.SUSPENDED:
        raise CustomerSuspended
    if dealing.seller is not None and dealing.seller.status is not AgentStatus.ACTIVE:
        raise Forbidden("This agent is suspended and cannot sell; ask the merchant to lift the suspension.")


def may_buy(dealing: Dealing) -> bool:
    """Tell whether there is a buyer here who may order."""
    return dealing.buyer is not None and dealing.buyer.status is CustomerStatus.APPROVED


def check_may_explain(actor: Actor, what: str) -> None:
    """Refuse to tell why something is as it is ("Why a price is what it is") to whoever is only shown it."""
    if actor.type not in (ActorType.STAFF, ActorType.AGENT):
        raise Forbidden(f"{what} is told to staff and agents; ask the merchant.")


def check_market_open(actor: Actor, named: str | None, settings: CatalogSettings) -> None:
    """Refuse to visitors and customers a market that the shop has not opened, where it has opened some.

    The default market is open to all. Raises MarketNotOpen.
    """
    if actor.type in (ActorType.STAFF, ActorType.AGENT) or not settings.open_markets:
        return
    if named not in (None, settings.default_market, *settings.open_markets):
        message = f"{named} is not open; name one of {', '.join(settings.open_markets)}, or none."
        raise MarketNotOpen(errors=[FieldError("/market", MarketNotOpen.code, message)])


def check_shop_sells(book: RuleBook) -> None:
    """Refuse an order in a shop that shows its catalogue only (CA-21)."""
    if book.settings.catalogue_only:
        raise CatalogueOnly


def latitude(actor: Actor, seller: SellerFacts | None) -> Latitude | None:
    """Return how far from the computed price an actor may set one by hand, or None where they may not at all."""
    if actor.type is ActorType.AGENT and seller is not None:
        return Latitude(seller.max_discount, seller.max_increase)
    if actor.type is ActorType.STAFF and actor.may(Permission.PRICES_WRITE):
        return ANY_PRICE
    return None


def reads_catalogue(actor: Actor) -> bool:
    """Tell whether an actor may look at what is sold no more, and at categories that are shown to nobody."""
    return actor.type is ActorType.STAFF and actor.may(Permission.CATALOG_READ)
