"""What every price needs first: the buyer, the seller and the shop's rules, asked for where they are not known yet."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol
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
from services.catalog.domain.remembered import Memory, weight
from services.catalog.domain.sight import Sight, sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import dealings, projections, rulebook
from services.catalog.repository.dealings import Asked, Told
from shared.contracts.actor import VISITOR, Actor, ActorType
from shared.contracts.agents.agents import GetSeller
from shared.contracts.catalog.storefront import LoginRequired
from shared.contracts.customers.customers import GetBuyer
from shared.messaging.hot import Hot
from shared.messaging.rpc import AskFn
from shared.messaging.work import UnitOfWork

STANDINGS_BYTES = 16_000_000
CALLER = 2_000  # bytes: who asks with their permissions, whose prices, on what terms


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


Remembered = tuple[Standing, Told]
"""How a caller stood the last time, and what that was read from: where it reads the same, they stand so again."""


class Standings:
    """How callers stood by the rule book of this moment; by another one none of them stands so again.

    Those of books before would keep these in memory, each as large as the shop has categories and rules.
    """

    def __init__(self, most: int = STANDINGS_BYTES) -> None:
        self._stamp: UUID | None = None
        self._kept: Memory[Remembered] = Memory(most, _size)

    def find(self, actor: Actor, look: Look) -> Remembered | None:
        """Return how a caller stood, if it is remembered."""
        return self._kept.find((actor, look))

    def keep(self, actor: Actor, look: Look, standing: Standing, told: Told) -> None:
        """Remember how a caller stands."""
        if self._stamp != standing.terms.book.stamp:
            self._stamp = standing.terms.book.stamp
            self._kept.clear()
        self._kept.keep((actor, look), (standing, told))


def _size(kept: Remembered) -> int:
    """Return about how many bytes a standing takes: what it was read from is kept as told and as values."""
    standing, told = kept
    return CALLER + 3 * weight(told) + weight(standing.sight.voices)


STANDINGS = Standings()


class Question(Protocol):
    """What is asked of goods on somebody's terms. `steady`: what these were read from comes with the answer."""

    @property
    def steady(self) -> bool: ...

    def on(self, terms: Terms, sight: Sight) -> tuple[Hot, dict[str, Any]]:
        """Return the statement of one row, and what it binds."""
        ...


def seller_id(actor: Actor) -> UUID | None:
    """Return the agent who acts, if it is one."""
    return actor.id if actor.type is ActorType.AGENT else None


def asked_by(look: Look, work: UnitOfWork) -> Asked:
    """Return whose prices a caller asks for. Raises CustomerNotFound where they may not ask for anybody's."""
    customer_id = whose_prices(work.actor, look.customer_id)
    return Asked(customer_id, seller_id(work.actor), look.currency, look.market, look.as_of or work.as_of)


async def prices_for(look: Look, work: UnitOfWork, ask: AskFn, *, explaining: bool = False) -> Dealing:
    """Return what decides the prices a caller sees. Raises CustomerNotFound for a customer who is not theirs."""
    asked = asked_by(look, work)
    return await _served(dealings.dealing(await dealings.read(work, asked)), asked, work, ask, explaining=explaining)


async def _served(known: Dealing, asked: Asked, work: UnitOfWork, ask: AskFn, *, explaining: bool = False) -> Dealing:
    if asked.customer_id is None:
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
    return dealings.dealing(await dealings.read_again(work.session, asked))


async def terms_of(look: Look, work: UnitOfWork, ask: AskFn) -> Standing:
    """Return on what terms a caller looks at goods, what they see of them, and by what right.

    Raises CustomerNotFound for a customer who is not theirs, LoginRequired for a visitor of a shop that wants to know
    its visitors, Forbidden for a buyer who wants a trace.
    """
    if look.traced:
        check_may_explain(work.actor, "How a price came about")
    return await _standing(await dealings.read(work, asked_by(look, work)), look, work, ask)


async def answered(look: Look, work: UnitOfWork, ask: AskFn, question: Question) -> tuple[Standing, Any]:
    """Return on what terms a caller asks, and the row that answers their question on these.

    It is asked on the terms of the last time at once: what they were read from comes along, and only where that is
    another now, it is asked again. Raises what `terms_of` raises.
    """
    kept = _remembered(look, work) if question.steady else None
    if kept is None:
        standing = await terms_of(look, work, ask)
        return standing, await _answer(question, standing, look, work)
    standing, told = kept
    row = await _answer(question, standing, look, work)
    if dealings.told_of(row) == told:
        return standing, row
    standing = await _standing(row, look, work, ask)
    return standing, await _answer(question, standing, look, work)


async def _standing(row: Any, look: Look, work: UnitOfWork, ask: AskFn) -> Standing:
    """Return what a row that tells of a dealing comes to, remembered where the row says all of it."""
    told, kept = dealings.told_of(row), _remembered(look, work)
    if kept is not None and kept[1] == told:
        return kept[0]
    known = dealings.dealing(row)
    dealing = await _served(known, asked_by(look, work), work, ask)
    book = await rulebook.at(work.session, dealing.stamp)
    if book.settings.login_only and work.actor.type is ActorType.VISITOR:
        raise LoginRequired
    standing = Standing(*terms_by(dealing, book, look, work), dealing)
    if dealing is known:
        STANDINGS.keep(work.actor, look, standing, told)
    return standing


async def _answer(question: Question, standing: Standing, look: Look, work: UnitOfWork) -> Any:
    read, given = question.on(standing.terms, standing.sight)
    return (await work.fetch(read, asked_by(look, work).given() | given))[0]


def _remembered(look: Look, work: UnitOfWork) -> Remembered | None:
    kept = STANDINGS.find(work.actor, look)
    if kept is None:
        return None
    standing, told = kept
    return standing._replace(terms=replace(standing.terms, as_of=look.as_of or work.as_of)), told


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
    terms = Terms(
        viewer=seen_by,
        lists=lists_for(seen_by, dealing),
        book=book,
        currency=look.currency,
        as_of=at,
        locale=look.locale,
        mode=book.mode_of(seen_by.group_ids),
        traced=look.traced,
    )
    return terms, sight(book, seen_by, dealing.own_rules)
