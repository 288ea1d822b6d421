"""Searches: what has the words, divides by facets and comes first, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.catalog.domain.searching import Place
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import sights, wording
from services.catalog.repository.goods import PUBLISHED
from services.catalog.repository.json_columns import read
from services.catalog.repository.pages import STOCK, Slot, stock_facts
from services.catalog.repository.wording import ASKED, EXACT, HAS_WORDS
from shared.contracts.catalog.search import PRICED_AT_ONCE, Sort
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

ATTRIBUTES_TOLD, VALUES_TOLD = 30, 50
# A subquery of its own is computed once; an expression would be for every product found.
_TYPED = "(SELECT unaccent(lower(CAST(:q AS text))))"
_RANKS: Mapping[str, str] = {
    "none": "0::float4",
    "words": f"CASE WHEN {EXACT} THEN 10 ELSE 0 END + ts_rank(products.search, {ASKED})",
    "alike": f"word_similarity({_TYPED}, products.words)",
}
_ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.RELEVANCE: ("rank", "DESC"),
    Sort.NEWEST: ("created_at", "DESC"),
    Sort.NAME: ("name", "ASC"),
    Sort.PRICE: ("place", "ASC"),
    Sort.PRICE_DESC: ("place", "ASC"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to; `only`: to these products, in this order where they are sorted by price."""

    typed: str | None
    category_ids: Sequence[UUID] | None
    attributes: Mapping[str, Sequence[str]]
    only: Sequence[UUID] | None = None

    @property
    def kind(self) -> tuple[bool, int, bool]:
        """Return what makes two searches one statement."""
        return self.category_ids is not None, len(self.attributes), self.only is not None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many, how they divide, and the slots of one page with what they are sorted by."""

    total: int
    facets: Sequence[tuple[str, str, int]]
    categories: Sequence[tuple[UUID, int]]
    slots: Sequence[tuple[Slot, Any]]


@lru_cache(maxsize=256)
def _search(how: str, narrowed: tuple[bool, int, bool], sort: Sort, condition: str, *, after: bool) -> Hot:
    """Return the statement of a search, built once for each kind of it."""
    column, direction = _ORDERS[sort]
    compared = "<" if direction == "DESC" else ">"
    later = f"WHERE (found.{column}, found.id) {compared} (:after_key, CAST(:after_id AS uuid))" if after else ""
    order = f"found.{column} {direction}, found.id {direction}"
    return Hot(f"""
        WITH found AS MATERIALIZED ({_matched(how, narrowed, condition)}), page AS (
            SELECT found.* FROM found {later} ORDER BY {order} LIMIT :limit
        )
        SELECT (SELECT count(*) FROM found) AS total,
            (SELECT json_agg(counted)::text FROM (
                SELECT json_build_array(key, value, count(*)) AS counted FROM found,
                    jsonb_each(attributes) AS each(key, held), jsonb_array_elements_text(held) AS value
                GROUP BY key, value ORDER BY count(*) DESC, key, value LIMIT {ATTRIBUTES_TOLD * VALUES_TOLD}
            ) AS facets) AS facets,
            (SELECT json_agg(counted)::text FROM (
                SELECT json_build_array(category_id, count(*)) AS counted
                FROM found, unnest(category_ids) AS category_id
                GROUP BY category_id ORDER BY count(*) DESC, category_id LIMIT 200
            ) AS places) AS categories,
            (SELECT json_agg(json_build_array(products.id, products.version, products.created_at,
                products.{column}, stock.found::json) ORDER BY {order.replace("found.", "products.")})::text
                FROM page AS products {STOCK}) AS slots
    """)  # noqa: S608 - no word of anyone's


def _matched(how: str, narrowed: tuple[bool, int, bool], condition: str) -> str:
    by_category, attributes, listed = narrowed
    where = ["products.status = 'active'", PUBLISHED, condition]
    if how == "words":
        where.append(HAS_WORDS)
    if how == "alike":
        where.append(f"{_TYPED} <% products.words")
    if by_category:
        where.append("products.category_ids && CAST(:category_ids AS uuid[])")
    where += [
        f"(products.attributes -> :attribute{number}) ?| CAST(:values{number} AS text[])"
        for number in range(attributes)
    ]
    if listed:
        where.append("products.id = ANY (CAST(:only AS uuid[]))")
    place = "array_position(CAST(:only AS uuid[]), products.id)" if listed else "0"
    return f"""SELECT products.id, products.version, products.created_at, products.name, products.attributes,
        products.category_ids, {_RANKS[how]} AS rank, {place} AS place
        FROM products WHERE {" AND ".join(where)}"""  # noqa: S608


async def search(
    work: UnitOfWork,
    narrowed: Narrowed,
    terms: Terms,
    sight: Sight,
    *,
    how: str,
    sort: Sort,
    after: Place | None,
    limit: int,
) -> Found:
    """Return what is found, and the page after a place. One statement.

    `how`: by "words", by what is "alike" to them, or by "none".
    """
    statement = _search(how, narrowed.kind, sort, sights.condition(sight), after=after is not None)
    given = _given(narrowed, terms, sight) | {"limit": limit}
    if after is not None:
        given |= {"after_key": after.key, "after_id": after.id}
    row = (await work.fetch(statement, given))[0]
    return Found(
        total=row.total,
        facets=[(code, value, count) for code, value, count in read(row.facets)],
        categories=[(UUID(place), count) for place, count in read(row.categories)],
        slots=[(_slot(*told), key) for *told, key in ((*one[:3], one[4], one[3]) for one in read(row.slots))],
    )


def _slot(id_: str, version: int, created_at: str, stock: Any) -> Slot:
    return Slot(UUID(id_), version, datetime.fromisoformat(created_at), stock_facts(stock))


def _given(narrowed: Narrowed, terms: Terms, sight: Sight) -> dict[str, Any]:
    given: dict[str, Any] = {"as_of": terms.as_of, **sights.given(sight)}
    if narrowed.typed is not None:
        given |= wording.given(narrowed.typed)
    if narrowed.category_ids is not None:
        given["category_ids"] = list(narrowed.category_ids)
    if narrowed.only is not None:
        given["only"] = list(narrowed.only)
    for number, (code, values) in enumerate(narrowed.attributes.items()):
        given |= {f"attribute{number}": code, f"values{number}": list(values)}
    return given


async def matching(work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight, *, how: str) -> list[UUID]:
    """Return the ids of all that is found, one more than can be priced at once at most. One statement."""
    statement = _all(how, narrowed.kind, sights.condition(sight))
    return [row.id for row in await work.fetch(statement, _given(narrowed, terms, sight))]


@lru_cache(maxsize=256)
def _all(how: str, narrowed: tuple[bool, int, bool], condition: str) -> Hot:
    matched = _matched(how, narrowed, condition)
    return Hot(f"SELECT id FROM ({matched}) AS found LIMIT {PRICED_AT_ONCE + 1}")  # noqa: S608
