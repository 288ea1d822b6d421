"""Searches by words: what has them, divides by facets and comes first, in one statement."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from services.catalog.domain.price_orders import PriceOrder, Ranked
from services.catalog.domain.remembered import Counted, Lasting
from services.catalog.domain.searching import RANK_DECIMALS, Place
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import narrowing, sights
from services.catalog.repository.browsing import Shown
from services.catalog.repository.counts import TOLD, counted
from services.catalog.repository.json_columns import read
from services.catalog.repository.narrowing import LASTING, TYPED, How, Kind, Narrowed
from services.catalog.repository.pages import STOCK, Slot
from services.catalog.repository.wording import ASKED, EXACT
from shared.contracts.catalog.search import Sort
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

_RANKS: Mapping[How, str] = {
    "words": f"CASE WHEN {EXACT} THEN 10 ELSE 0 END + ts_rank(products.search, {ASKED})",
    "alike": f"word_similarity({TYPED}, products.words)",
}
_ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.RELEVANCE: ("rank", "DESC"),
    Sort.NEWEST: ("created_at", "DESC"),
    Sort.NAME: ("name", "ASC"),
}


def _found(kind: Kind, condition: str) -> str:
    return f"""
        found AS MATERIALIZED (
            SELECT products.id, products.version, products.created_at, products.name, products.attributes,
                products.category_ids, {_RANKS[kind[0]]} AS rank
            FROM products WHERE {narrowing.where(kind, condition)}
        ), sets AS MATERIALIZED ({counted("found")})"""  # noqa: S608 - no word of anyone's


@lru_cache(maxsize=256)
def _ranked(kind: Kind, condition: str) -> Hot:
    return Hot(f"""
        WITH {_found(kind, condition)}, ranked AS (
            SELECT id, (rank::float8 * 1e{RANK_DECIMALS})::int8 AS place FROM found
        )
        SELECT {TOLD}, {LASTING}, (
            SELECT string_agg(int8send(place) || uuid_send(id), '' ORDER BY place, id) FROM ranked) AS ordered
    """)  # noqa: S608


@lru_cache(maxsize=256)
def _search(kind: Kind, sort: Sort, condition: str, *, after: bool) -> Hot:
    """Return the statement of a search, built once for each kind of it."""
    column, direction = _ORDERS[sort]
    compared = "<" if direction == "DESC" else ">"
    later = f"WHERE (found.{column}, found.id) {compared} (:after_key, CAST(:after_id AS uuid))" if after else ""
    order = f"found.{column} {direction}, found.id {direction}"
    return Hot(f"""
        WITH {_found(kind, condition)}, page AS (
            SELECT found.* FROM found {later} ORDER BY {order} LIMIT :limit
        )
        SELECT {TOLD}, {LASTING},
            (SELECT json_agg(json_build_array(products.id, products.version, products.created_at,
                products.{column}, stock.found) ORDER BY {order.replace("found.", "products.")})::text
                FROM page AS products {STOCK}) AS slots
    """)  # noqa: S608 - no word of anyone's


async def ranked(work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight) -> Ranked:
    """Return all that is found by words, the least relevant first, and how it divides. One statement."""
    statement = _ranked(narrowed.kind, sights.condition(sight))
    row = (await work.fetch(statement, narrowing.given(narrowed, terms, sight)))[0]
    lasting = Lasting(row.state, row.since, row.until)
    return Ranked(lasting, PriceOrder(row.ordered or b""), Counted(lasting, row.total, row.told))


async def search(
    work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight, *, sort: Sort, after: Place | None, limit: int
) -> tuple[Shown, Counted]:
    """Return the page after a place of what is found by words, and how all of it divides. One statement."""
    statement = _search(narrowed.kind, sort, sights.condition(sight), after=after is not None)
    given = narrowing.given(narrowed, terms, sight) | {"limit": limit}
    if after is not None:
        given |= {"after_key": after.key, "after_id": after.id}
    row = (await work.fetch(statement, given))[0]
    slots = [(_slot(*told), key) for *told, key in ((*one[:3], one[4], one[3]) for one in read(row.slots))]
    return Shown(row.state, slots), Counted(Lasting(row.state, row.since, row.until), row.total, row.told)


def _slot(id_: str, version: int, created_at: str, stock: str | None) -> Slot:
    return Slot(UUID(id_), version, datetime.fromisoformat(created_at), stock)
