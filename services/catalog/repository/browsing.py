"""Pages of products looked for without words, or in an order known already, with the state they are read in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.catalog.domain.price_orders import Priced
from services.catalog.domain.searching import Place
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import narrowing, sights
from services.catalog.repository.narrowing import EVERYTHING, STATE, Kind, Narrowed
from services.catalog.repository.pages import STOCK, Slot
from shared.contracts.catalog.search import Sort
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

# Where nobody says any words nothing is more relevant than anything else.
_ORDERS: Mapping[Sort, tuple[str, str]] = {
    Sort.RELEVANCE: ("id", "DESC"),
    Sort.NEWEST: ("created_at", "DESC"),
    Sort.NAME: ("name", "ASC"),
}
_SLOT = "products.id, products.version, products.created_at, products.name"


@dataclass(frozen=True, slots=True)
class Shown:
    """The slots of one page with what they are sorted by, and in which state of all products they were read."""

    state: str
    slots: Sequence[tuple[Slot, Any]]


@lru_cache(maxsize=256)
def _page(kind: Kind, sort: Sort, condition: str, limit: int, *, after: bool) -> Hot:
    column, direction = _ORDERS[sort]
    compared = "<" if direction == "DESC" else ">"
    later = ""
    if after:
        by_key = f"(products.{column}, products.id) {compared} (:after_key, CAST(:after_id AS uuid))"
        later = f"AND {by_key if column != 'id' else 'products.id < CAST(:after_id AS uuid)'}"
    order = f"{column} {direction}, id {direction}" if column != "id" else f"id {direction}"
    return Hot(
        f"""
        SELECT now.state, page.* FROM (SELECT {STATE} AS state) AS now LEFT JOIN (
            SELECT {_SLOT}, stock.found AS stock FROM (
                SELECT {_SLOT} FROM products WHERE {narrowing.where(kind, condition)} {later}
                ORDER BY {order} LIMIT {limit:d}
            ) AS products {STOCK}
        ) AS page ON true ORDER BY {order}
        """,  # noqa: S608 - no word of anyone's
        steady=kind == EVERYTHING,
    )


_these = Hot(
    f"""
    SELECT now.state, page.* FROM (SELECT {STATE} AS state) AS now LEFT JOIN (
        SELECT {_SLOT}, stock.found AS stock, asked.place
        FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS asked(id, place) JOIN products USING (id) {STOCK}
    ) AS page ON true ORDER BY page.place
    """,  # noqa: S608
    steady=True,
)


async def page(
    work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight, *, sort: Sort, after: Place | None, limit: int
) -> Shown:
    """Return the page after a place of what is found, in an order that the database keeps. One statement."""
    column, _ = _ORDERS[sort]
    statement = _page(narrowed.kind, sort, sights.condition(sight), limit, after=after is not None)
    given = narrowing.given(narrowed, terms, sight)
    if after is not None:
        given |= {"after_id": after.id} | ({} if column == "id" else {"after_key": after.key})
    rows = await work.fetch(statement, given)
    # A cursor by relevance tells a number.
    return Shown(rows[0].state, [(_slot(row), 0 if column == "id" else getattr(row, column)) for row in _found(rows)])


async def these(work: UnitOfWork, products: Sequence[Priced]) -> Shown:
    """Return the slots of these products, in this order, sorted by their price. One statement."""
    rows = await work.fetch(_these, {"ids": [one.id for one in products]})
    amounts = {one.id: one.amount for one in products}
    return Shown(rows[0].state, [(_slot(row), amounts[row.id]) for row in _found(rows)])


def _found(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row.id is not None]


def _slot(row: Any) -> Slot:
    return Slot(id=row.id, version=row.version, created_at=row.created_at, stock=row.stock)
