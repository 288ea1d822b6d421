"""What is remembered of a catalogue: how what is found divides, and in which order of prices or ranks it stands."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar
from weakref import WeakValueDictionary

from services.catalog.domain.cheapest import Cheapest, priced_by, reached
from services.catalog.domain.price_orders import Ordered, PriceOrder, Ranked
from services.catalog.domain.remembered import Counted, Memory
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import counts, price_orders, searches
from services.catalog.repository.narrowing import Narrowed
from shared.contracts.catalog.search import COMPUTED_AT_ONCE, PRICED_AT_ONCE, SearchTooBroad
from shared.messaging.work import UnitOfWork

MOST_CHARACTERS, MOST_BYTES = 4_000_000, 16_000_000
COUNTS = Memory[Counted](MOST_CHARACTERS, lambda counted: len(counted.told))
RANKS = Memory[Ranked](MOST_CHARACTERS, lambda ranked: len(ranked.order.entries) + len(ranked.counted.told))
ORDERS = Memory[Ordered](MOST_BYTES, lambda ordered: len(ordered.order.entries))
BETWEEN_OTHERS = 200
"""After so many prices others get their turn."""
Kept = TypeVar("Kept", Counted, Ordered, Ranked)
_making: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()


async def counted(
    narrowed: Narrowed, terms: Terms, sight: Sight, work: UnitOfWork, state: str, more: Hashable = None
) -> Counted:
    """Return how all that is found divides. No statement while products and rules stay as they are, else one.

    `more`: by what `only` was found, if a search is narrowed to it.
    """
    key = (terms.book.stamp, sight.signature, narrowed.key, more)
    return await _remembered(COUNTS, key, state, terms, lambda: counts.of(work, narrowed, terms, sight))


async def ordered(
    narrowed: Narrowed, terms: Terms, sight: Sight, work: UnitOfWork, state: str | None = None
) -> Ordered:
    """Return all that is found in the order of what it costs. No statement while all stays as it is, else three.

    `state`: that of all products; where it is not known yet what is remembered may be of one before, and who reads on
    will see. Raises SearchTooBroad.
    """
    key = (priced_by(terms), sight.signature, narrowed.key)
    return await _remembered(ORDERS, key, state, terms, lambda: _put_in_order(narrowed, terms, sight, work))


async def ranked(narrowed: Narrowed, terms: Terms, sight: Sight, work: UnitOfWork, state: str | None = None) -> Ranked:
    """Return all that is found by words. No statement while products and rules stay as they are, else one.

    `state`: as `ordered` is given it.
    """
    key = (terms.book.stamp, sight.signature, narrowed.key)
    return await _remembered(RANKS, key, state, terms, lambda: searches.ranked(work, narrowed, terms, sight))


async def _remembered(
    memory: Memory[Kept], key: Hashable, state: str | None, terms: Terms, make: Callable[[], Awaitable[Kept]]
) -> Kept:
    """Return what is remembered if it still holds; else it is made, once for all who ask for it at this moment."""
    found = _holding(memory, key, state, terms)
    if found is None:
        async with _making.setdefault((id(memory), key), asyncio.Lock()):
            found = _holding(memory, key, state, terms)
            if found is None:
                found = memory.keep(key, await make())
    return found


def _holding(memory: Memory[Kept], key: Hashable, state: str | None, terms: Terms) -> Kept | None:
    found = memory.find(key)
    if found is None:
        return None
    return found if found.lasting.holds(found.lasting.state if state is None else state, terms.as_of) else None


async def _put_in_order(narrowed: Narrowed, terms: Terms, sight: Sight, work: UnitOfWork) -> Ordered:
    if terms.viewer.hidden or not (terms.lists or terms.promotions):
        halves = await price_orders.halves(work, narrowed, terms, sight, None)
        return Ordered(halves.lasting, PriceOrder(halves.ordered))
    general = await price_orders.general_rows(work, terms)
    reach = reached(terms, general)
    halves = await price_orders.halves(work, narrowed, terms, sight, reach)
    if len(halves.touched) > PRICED_AT_ONCE:
        raise SearchTooBroad(limit=PRICED_AT_ONCE)
    cheapest = Cheapest(terms, general)
    if halves.touched:
        found = await price_orders.alike(work, halves.touched, terms, reach, COMPUTED_AT_ONCE + 1)
        if len(found) > COMPUTED_AT_ONCE:
            raise SearchTooBroad(limit=COMPUTED_AT_ONCE)
        for number, alike in enumerate(found):
            cheapest.add(alike)
            if number % BETWEEN_OTHERS == 0:
                await asyncio.sleep(0)
    return Ordered(halves.lasting, PriceOrder.merged(halves.ordered, cheapest.of(halves.touched)))
