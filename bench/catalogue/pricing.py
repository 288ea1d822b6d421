"""The price by itself: the pure functions, without a database, on the very offers that the shop is seeded with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from time import process_time
from uuid import UUID

from bench.catalogue import deals, goods
from bench.catalogue.deals import Buyer, Offer
from bench.catalogue.goods import FIRST, Kind, id_of
from services.catalog.domain.book import RuleBook
from services.catalog.domain.prices import Viewer
from services.catalog.domain.pricing.facts import LEVELS, Base, Goods, ListFacts, Quantities, RowFacts
from services.catalog.domain.promotions import PromotionFacts
from services.catalog.domain.quotes import price
from services.catalog.domain.terms import Terms
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_lists import AdjustmentKind, Scope
from shared.contracts.catalog.stock import HoldLine

GOODS, LINES, SECONDS = 1_000, 100, 1.0
NOBODY = Buyer(UUID(int=4), (UUID(int=1), UUID(int=2), UUID(int=3)))


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines per second of processor time: priced one by one, and as quotes of a hundred."""

    alone: float
    quoted: float


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A variant as a quote wants it."""

    goods: Goods
    sku: str


def measured(seconds: float = SECONDS) -> Priced:
    """Return how fast prices are computed for a customer of three groups with five lists and a promotion."""
    terms = _terms()
    lists = {facts.id: facts for facts in terms.lists}
    general = [_row(number, offer, lists) for number, offer in enumerate(deals.general_offers())]
    offers = {goods.sku_of(number): _on_offer(number, terms, lists, general) for number in range(GOODS)}
    several = Quantities(Decimal(12))
    lines = [HoldLine(sku=sku, quantity=Decimal(12)) for sku in list(offers)[:LINES]]

    def alone() -> int:
        for offer in offers.values():
            terms.price(offer.goods, several)
        return len(offers)

    return Priced(_rate(alone, seconds), _rate(lambda: len(price(lines, offers, terms)), seconds))


def _rate(act: Callable[[], int], seconds: float) -> float:
    act()
    began, done = process_time(), 0
    while process_time() - began < seconds:
        done += act()
    return done / (process_time() - began)


def _terms() -> Terms:
    paths = (goods.path_of(number) for number in range(goods.CATEGORIES))
    tree = {id_of(Kind.CATEGORY, path[-1]): [id_of(Kind.CATEGORY, above) for above in path] for path in paths}
    promotion = PromotionFacts(
        id=id_of(Kind.PROMOTION, 0),
        number=1,
        name="Promotion",
        priority=0,
        exclusive=False,
        kind=AdjustmentKind.PERCENT_OFF,
        value=Decimal(10),
        currency=None,
        scope=Scope.ALL,
        target_ids=frozenset(),
    )
    book = RuleBook(UUID(int=0), CatalogSettings(), tree, (promotion,))
    lists = tuple(
        ListFacts(id_of(Kind.LIST, number), number, 1, f"List {number}", LEVELS[one.level], basis=one.basis)
        for number, one in enumerate(deals.own_lists(NOBODY))
    )
    return Terms(Viewer(NOBODY.id, group_ids=frozenset(NOBODY.groups)), lists, book, "EUR", FIRST)


def _on_offer(number: int, terms: Terms, lists: Mapping[UUID, ListFacts], general: list[RowFacts]) -> OnOffer:
    variant, product = id_of(Kind.VARIANT, number), id_of(Kind.PRODUCT, number)
    places = terms.book.places([id_of(Kind.CATEGORY, leaf) for leaf in goods.categories_of(number)])
    own = [_row(100 + place, offer, lists) for place, offer in enumerate(deals.offers_for(number))]
    rows = [row for row in (*own, *general) if row.scope is not Scope.CATEGORY or row.target_id in places]
    promoted = terms.promoting(variant, product, frozenset(places))
    base = Base(goods.price_of(number))
    return OnOffer(Goods(variant, product, base, places, rows=tuple(rows), promotions=promoted), goods.sku_of(number))


def _row(number: int, offer: Offer, lists: Mapping[UUID, ListFacts]) -> RowFacts:
    of = lists[id_of(Kind.LIST, offer.of)]
    return RowFacts(number, of, offer.scope, offer.target_id, offer.value, offer.kind, offer.min_qty)
