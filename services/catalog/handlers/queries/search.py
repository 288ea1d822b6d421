"""Search: what has the words, or all there is, narrowed and sorted, at the caller's prices."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from services.catalog.domain.cheapest import priced_by
from services.catalog.domain.price_orders import Ordered, Priced, PriceOrder
from services.catalog.domain.remembered import Counted
from services.catalog.domain.searching import as_amount, as_rank, cursor, place, wanted
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.handlers.asking import Look, terms_of
from services.catalog.handlers.loading import browsing as remembered
from services.catalog.handlers.loading.shelves import items
from services.catalog.repository import browsing, searches
from services.catalog.repository.browsing import Shown
from services.catalog.repository.narrowing import Narrowed
from services.catalog.repository.pages import Slot
from shared.contracts.catalog.search import PriceRange, SearchProducts, SearchResult, Sort
from shared.database.pages import PAGE_BYTES
from shared.kernel.money import UnitPrice
from shared.messaging.handler import handler
from shared.messaging.ready import ready
from shared.messaging.rpc import Ask
from shared.messaging.work import UnitOfWork, Work

BY_PRICE = {Sort.PRICE, Sort.PRICE_DESC}


@dataclass(frozen=True, slots=True)
class Page:
    """What a search found: the slots of one page with what they are sorted by, how many in all, how these divide.

    `told`: the latter in JSON; `state`: that of all products, in which it was read. `order`: what was found by its
    price, where that matters.
    """

    slots: Sequence[tuple[Slot, Any]]
    total: int
    told: str
    state: str
    order: PriceOrder | None = None


@handler
async def search_products(query: SearchProducts, work: Work, ask: Ask) -> SearchResult:
    look = Look(query.customer_id, query.currency, query.market, query.locale)
    terms, sight, _ = await terms_of(look, work, ask)
    narrowed = Narrowed(
        how="words" if query.q else "none",
        typed=query.q or None,
        category_ids=terms.book.below(query.category_id) if query.category_id else None,
        attributes=wanted(query.attributes),
    )
    search = _Search(query, terms, sight, work)
    page, forgiving = await search.page(narrowed), False
    if narrowed.typed is not None and not search.matched:
        narrowed = replace(narrowed, how="alike")
        page = await search.page(narrowed)
        forgiving = page.total > 0
    return await search.answer(await search.widened(page, narrowed), forgiving=forgiving)


class _Search:
    """One search on its way: what it asks, and on what terms.

    `matched`: how many products have what was asked for, whatever they cost.
    """

    def __init__(self, query: SearchProducts, terms: Terms, sight: Sight, work: UnitOfWork) -> None:
        self._query, self._terms, self._sight, self._work = query, terms, sight, work
        self._after = place(query.cursor, query.sort)
        self._range = (query.min_price, query.max_price)
        self.matched = 0

    async def page(self, narrowed: Narrowed) -> Page:
        """Return the page that is asked for of what is found."""
        if self._query.sort in BY_PRICE or self._range != (None, None):
            return await self._by_price(narrowed)
        if narrowed.how == "none":
            shown = await self._browsed(narrowed)
            counted = await self._counted(narrowed, shown.state)
        elif self._query.sort is Sort.RELEVANCE:
            shown, counted = await self._ranked(narrowed)
            self.matched = counted.total
        else:
            shown, counted = await self._searched(narrowed)
            self.matched = counted.total
        return Page(shown.slots, counted.total, counted.told, shown.state)

    async def widened(self, page: Page, narrowed: Narrowed) -> Page:
        """Return a page whose facets that values are chosen from count as if none was: one more may be chosen."""
        if not narrowed.attributes:
            return page
        told = json.loads(page.told)
        facets = {facet["code"]: facet for facet in told["facets"]}
        for code in narrowed.attributes:
            others = {other: values for other, values in narrowed.attributes.items() if other != code}
            counted = await self._divided(replace(narrowed, attributes=others), page.state)
            facets |= {facet["code"]: facet for facet in json.loads(counted.told)["facets"] if facet["code"] == code}
        return replace(page, told=to_json(told | {"facets": sorted(facets.values(), key=itemgetter("code"))}).decode())

    async def _divided(self, narrowed: Narrowed, state: str) -> Counted:
        """Return how all that is found divides, of what costs as much as is asked for."""
        if self._range == (None, None):
            return await self._counted(narrowed, state)
        ordered = await remembered.ordered(narrowed, self._terms, self._sight, self._work, state)
        return await self._between(narrowed, ordered, state)

    async def _between(self, narrowed: Narrowed, ordered: Ordered, state: str) -> Counted:
        found = ordered.order.between(*self._range)
        if found is ordered.order:
            return await self._counted(narrowed, state)
        # What is counted may be of a later state than the order of prices: it holds for this order alone.
        by_this = (ordered.lasting, priced_by(self._terms), *self._range)
        return await self._counted(replace(narrowed, only=found), state, by_this)

    async def _ranked(self, narrowed: Narrowed) -> tuple[Shown, Counted]:
        """Return a page of what has the words, the most relevant first, and how all of that divides."""
        whom = (self._terms, self._sight, self._work)
        ranked = await remembered.ranked(narrowed, *whom)
        shown = await self._of_ranks(ranked.order)
        if not ranked.lasting.holds(shown.state, self._terms.as_of):
            ranked = await remembered.ranked(narrowed, *whom, shown.state)
            shown = await self._of_ranks(ranked.order)
        return shown, ranked.counted

    async def _of_ranks(self, order: PriceOrder) -> Shown:
        after = Priced(self._after.id, as_amount(self._after.key)) if self._after else None
        shown = await browsing.these(self._work, order.page(after, self._query.limit + 1, falling=True))
        return replace(shown, slots=[(slot, as_rank(amount)) for slot, amount in shown.slots])

    async def _by_price(self, narrowed: Narrowed) -> Page:
        """Return a page of what costs as much as is asked for, in an order that is made anew where it holds no more."""
        whom = (self._terms, self._sight, self._work)
        ordered = await remembered.ordered(narrowed, *whom)
        shown = await self._of_order(narrowed, ordered.order)
        if not ordered.lasting.holds(shown.state, self._terms.as_of):
            ordered = await remembered.ordered(narrowed, *whom, shown.state)
            shown = await self._of_order(narrowed, ordered.order)
        self.matched = len(ordered.order)
        counted = await self._between(narrowed, ordered, shown.state)
        return Page(shown.slots, counted.total, counted.told, shown.state, ordered.order.between(*self._range))

    async def _of_order(self, narrowed: Narrowed, order: PriceOrder) -> Shown:
        query, found = self._query, order.between(*self._range)
        if query.sort in BY_PRICE:
            after = Priced(self._after.id, self._after.key) if self._after else None
            page = found.page(after, query.limit + 1, falling=query.sort is Sort.PRICE_DESC)
            return await browsing.these(self._work, page)
        only = replace(narrowed, only=found)
        return await self._browsed(only) if narrowed.how == "none" else (await self._searched(only))[0]

    async def _browsed(self, narrowed: Narrowed) -> Shown:
        return await browsing.page(self._work, narrowed, self._terms, self._sight, **self._paging)

    async def _searched(self, narrowed: Narrowed) -> tuple[Shown, Counted]:
        return await searches.search(self._work, narrowed, self._terms, self._sight, **self._paging)

    async def _counted(self, narrowed: Narrowed, state: str, more: Hashable = None) -> Counted:
        return await remembered.counted(narrowed, self._terms, self._sight, self._work, state, more)

    @property
    def _paging(self) -> dict[str, Any]:
        return {"sort": self._query.sort, "after": self._after, "limit": self._query.limit + 1}

    async def answer(self, page: Page, *, forgiving: bool) -> SearchResult:
        """Return a page of what was found as JSON."""
        slots = [slot for slot, _ in page.slots[: self._query.limit]]
        beside = to_json({"price_range": _price_range(page.order, self._terms.currency), "forgiving": forgiving})
        divided = page.told.encode()
        shown, fitted = await items(slots, self._terms, self._work, PAGE_BYTES - len(beside) - len(divided))
        following = None
        if fitted < len(page.slots):
            last, key = page.slots[fitted - 1]
            following = cursor(self._query.sort, key, last.id)
        pieces = (shown, to_json(following), divided[1:-1], beside[1:])
        return ready(SearchResult, b'{"items":%b,"next":%b,%b,%b' % pieces)


def _price_range(order: PriceOrder | None, currency: str) -> PriceRange | None:
    bounds = order.bounds if order is not None else None
    if bounds is None:
        return None
    lowest, highest = bounds
    return PriceRange(lowest=UnitPrice(lowest, currency), highest=UnitPrice(highest, currency))
