"""What every price needs first: the buyer, the seller and the shop's rules, asked for where they are not known yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain.book import RuleBook
from services.catalog.domain.dealings import (
    Dealing,
    check_market_open,
    check_may_explain,
    lists_for,
    served_buyer,
    viewer,
    whose_prices,
)
from services.catalog.domain.sight import Sight, sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import dealings, projections, rulebook
from services.catalog.repository.dealings import Asked
from shared.contracts.actor import VISITOR, Actor, ActorType
from shared.contracts.agents.agents import GetSeller
from shared.contracts.catalog.storefront import LoginRequired
from shared.contracts.customers.customers import GetBuyer
from shared.messaging.rpc import AskFn
from shared.messaging.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Look:
    """Whose prices are looked at, where, how and when: what the storefront's questions have in common.

    `as_of`: another moment (UTC) than that of the question. `traced`: with how each price came about.
    """

    customer_id: UUID | None = None
    currency: str = "EUR"
    market: str | None = None
    locale: str = "fr"
    as_of: datetime | None = None
    traced: bool = False


class Standing(NamedTuple):
    """How a caller stands before the goods."""

    terms: Terms
    sight: Sight
    dealing: Dealing


def seller_id(actor: Actor) -> UUID | None:
    """Return the agent who acts, if it is one."""
    return actor.id if actor.type is ActorType.AGENT else None


async def prices_for(look: Look, work: UnitOfWork, ask: AskFn, *, explaining: bool = False) -> Dealing:
    """Return what decides the prices a caller sees. Raises CustomerNotFound for a customer who is not theirs."""
    customer_id = whose_prices(work.actor, look.customer_id)
    asked = Asked(customer_id, seller_id(work.actor), look.currency, look.market, look.as_of or work.as_of)
    known = await dealings.read(work, asked)
    if customer_id is None:
        return known
    dealing = await complete(known, asked, work, ask)
    served_buyer(work.actor, dealing, explaining=explaining)
    return dealing


async def complete(known: Dealing, asked: Asked, work: UnitOfWork, ask: AskFn) -> Dealing:
    """Return a dealing with its buyer and seller: what no event has told yet is asked for once, and kept."""
    buyer_known, seller_known = known.buyer is not None, known.seller is not None or asked.seller_id is None
    if buyer_known and seller_known:
        return known
    customer = None if buyer_known else await ask(GetBuyer(id=asked.customer_id))
    agent = None if asked.seller_id is None or seller_known else await ask(GetSeller(id=asked.seller_id))
    if customer is not None:
        await projections.keep_buyer(work.session, customer)
    if agent is not None:
        await projections.keep_seller(work.session, agent.agent)
        await projections.keep_sales_rules(work.session, agent.settings)
    return await dealings.read_again(work.session, asked)


async def terms_of(look: Look, work: UnitOfWork, ask: AskFn) -> Standing:
    """Return on what terms a caller looks at goods, what they see of them, and by what right.

    Raises CustomerNotFound for a customer who is not theirs, LoginRequired for a visitor of a shop that wants to know
    its visitors, Forbidden for a buyer who wants a trace.
    """
    if look.traced:
        check_may_explain(work.actor, "How a price came about")
    dealing = await prices_for(look, work, ask)
    book = await rulebook.at(work.session, dealing.stamp)
    if book.settings.login_only and work.actor.type is ActorType.VISITOR:
        raise LoginRequired
    terms, seen = terms_by(dealing, book, look, work)
    return Standing(terms, seen, dealing)


async def terms_asked_about(look: Look, work: UnitOfWork, ask: AskFn) -> Standing:
    """Return the terms of the customer asked about, of a visitor where none is named: never those of who asks.

    Raises CustomerNotFound for a customer who is not theirs; whoever keeps prices or reads the catalogue may ask about
    any.
    """
    dealing = await prices_for(look, work, ask, explaining=True)
    book = await rulebook.at(work.session, dealing.stamp)
    terms, seen = terms_by(dealing, book, look, work, VISITOR if look.customer_id is None else work.actor)
    return Standing(terms, seen, dealing)


def terms_by(
    dealing: Dealing, book: RuleBook, look: Look, work: UnitOfWork, actor: Actor | None = None
) -> tuple[Terms, Sight]:
    """Return the terms that a dealing and the rule book come to, and what is seen on them.

    `actor`: as whom they are looked at, where it is not who asks. Raises MarketNotOpen.
    """
    check_market_open(work.actor, look.market, book.settings)
    seen_by = viewer(actor or work.actor, dealing, dealing.market or book.settings.default_market)
    at = look.as_of or work.as_of
    terms = Terms(seen_by, lists_for(seen_by, dealing), book, look.currency, at, look.locale, look.traced)
    return terms, sight(book, seen_by, dealing.own_rules)
