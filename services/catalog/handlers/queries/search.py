"""Search: what has the words, at the caller's prices."""

from dataclasses import replace
from itertools import groupby

from pydantic_core import to_json

from services.catalog.domain.searching import (
    Place,
    Priced,
    by_price,
    cursor,
    in_range,
    place,
    places_before,
    wanted,
)
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.handlers.asking import Look, terms_of
from services.catalog.handlers.loading.shelves import items
from services.catalog.repository import goods, searches
from services.catalog.repository.searches import Found, Narrowed
from shared.contracts.catalog.search import (
    PRICED_AT_ONCE,
    CategoryCount,
    Facet,
    FacetValue,
    PriceRange,
    SearchProducts,
    SearchResult,
    SearchTooBroad,
    Sort,
)
from shared.database.pages import PAGE_BYTES
from shared.kernel.money import UnitPrice
from shared.messaging.handler import handler
from shared.messaging.ready import ready
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work

BY_PRICE = {Sort.PRICE, Sort.PRICE_DESC}


@handler
async def search_products(query: SearchProducts, work: Work, ask: Ask) -> SearchResult:
    look = Look(query.customer_id, query.currency, query.market, query.locale)
    terms, sight, _ = await terms_of(look, work, ask)
    narrowed = Narrowed(
        typed=query.q or None,
        category_ids=terms.book.below(query.category_id) if query.category_id else None,
        attributes=wanted(query.attributes),
    )
    search = _Search(query, terms, sight, work)
    found = await search.found(narrowed, "words" if narrowed.typed else "none")
    forgiving = narrowed.typed is not None and not search.matched
    if forgiving:
        found = await search.found(narrowed, "alike")
    return await search.answer(found, forgiving=forgiving and found.total > 0)


class _Search:
    """One search on its way: what it asks, on what terms, and what its products cost the caller, if that matters.

    `matched`: how many products have what was asked for, whatever they cost.
    """

    def __init__(self, query: SearchProducts, terms: Terms, sight: Sight, work: UnitOfWork) -> None:
        self._query, self._terms, self._sight, self._work = query, terms, sight, work
        self._priced: list[Priced] | None = None
        self.matched = 0

    async def found(self, narrowed: Narrowed, how: str) -> Found:
        """Return what is found, by words, alike to them or without any."""
        query, after = self._query, place(self._query.cursor, self._query.sort)
        if query.sort in BY_PRICE or query.min_price is not None or query.max_price is not None:
            self._priced = await self._at_prices(narrowed, how)
            narrowed = replace(narrowed, only=[one.id for one in self._priced])
            if query.sort in BY_PRICE:
                after = after and Place(places_before(self._priced, after, query.sort), after.id)
        found = await searches.search(
            self._work,
            narrowed,
            self._terms,
            self._sight,
            how=how,
            sort=query.sort,
            after=after,
            limit=query.limit + 1,
        )
        self.matched = self.matched if self._priced is not None else found.total
        return found

    async def _at_prices(self, narrowed: Narrowed, how: str) -> list[Priced]:
        work, terms, query = self._work, self._terms, self._query
        ids = await searches.matching(work, narrowed, terms, self._sight, how=how)
        self.matched = len(ids)
        if len(ids) > PRICED_AT_ONCE:
            raise SearchTooBroad(limit=PRICED_AT_ONCE)
        priced = []
        for product in await goods.of_products(work, ids, terms):
            prices = [terms.price(variant.goods).unit_price for variant in product.variants]
            priced.append(Priced(product.id, min((one.amount for one in prices if one), default=None)))
        return by_price(in_range(priced, query.min_price, query.max_price), query.sort)

    async def answer(self, found: Found, *, forgiving: bool) -> SearchResult:
        """Return a page of what was found as JSON."""
        query, slots = self._query, [slot for slot, _ in found.slots[: self._query.limit]]
        told = {
            "total": found.total,
            "facets": _facets(found),
            "categories": [CategoryCount(category_id=id_, count=count) for id_, count in found.categories],
            "price_range": self._range(),
            "forgiving": forgiving,
        }
        beside = to_json(told)
        shown, fitted = await items(slots, self._terms, self._work, PAGE_BYTES - len(beside))
        following = None
        if fitted < len(found.slots):
            last, key = found.slots[fitted - 1]
            following = cursor(query.sort, self._key(key), last.id)
        return ready(SearchResult, f'{{"items":{shown},"next":{to_json(following).decode()},{beside.decode()[1:]}')

    def _key(self, key: object) -> object:
        """Return what a product was sorted by: its price, where the database was told an order of prices."""
        if self._query.sort in BY_PRICE and self._priced is not None:
            return self._priced[int(str(key)) - 1].key
        return key

    def _range(self) -> PriceRange | None:
        amounts = [one.amount for one in self._priced or () if one.amount is not None]
        if not amounts:
            return None
        currency = self._terms.currency
        return PriceRange(lowest=UnitPrice(min(amounts), currency), highest=UnitPrice(max(amounts), currency))


def _facets(found: Found) -> list[Facet]:
    by_code = groupby(sorted(found.facets, key=lambda told: told[0]), key=lambda told: told[0])
    return [
        Facet(code=code, values=[FacetValue(value=value, count=count) for _, value, count in values])
        for code, values in by_code
    ]
