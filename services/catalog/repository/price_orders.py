"""Products in the order of what they cost: what no rule touches by the database, of the rest what a price needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.catalog.domain.cheapest import Alike
from services.catalog.domain.price_orders import FINEST, UNPRICED
from services.catalog.domain.prices import PUBLIC, decimals
from services.catalog.domain.pricing.facts import Base, RowFacts
from services.catalog.domain.reach import Reach
from services.catalog.domain.remembered import Lasting
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import narrowing, sights
from services.catalog.repository.goods import price_row
from services.catalog.repository.json_columns import read
from services.catalog.repository.narrowing import LASTING, Kind, Narrowed
from shared.contracts.catalog.price_lists import Scope
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

# One unit is priced: rows of larger quantities do not count.
_ROWS = """price_rows WHERE list_id = ANY (CAST(:list_ids AS uuid[]))
    AND min_qty <= 1 AND (max_qty IS NULL OR max_qty >= 1)"""
_ROW = "list_id, scope, min_qty, max_qty, kind, value, reference"
_GENERAL = _ROW.replace("min_qty", "target_id, min_qty")
# A tier is one of a list and a target: which, does not matter.
_STANDING_FOR = {Scope.VARIANT: UUID(int=1), Scope.PRODUCT: UUID(int=2)}
_ACTIVE = "variants.product_id = products.id AND variants.status = 'active'"
_BASE = """base_prices AS base
    ON base.variant_id = variants.id AND base.currency = :currency AND base.mode = :mode"""
_TOUCHED = f"""CAST(:everything AS bool) OR products.category_ids && CAST(:touched AS uuid[])
    OR products.id = ANY (CAST(:named AS uuid[]))
    OR EXISTS (SELECT FROM variants WHERE product_id = products.id AND id = ANY (CAST(:named AS uuid[])))
    OR EXISTS (SELECT FROM {_ROWS} AND target_id = products.id)
    OR EXISTS (SELECT FROM variants WHERE product_id = products.id AND id IN (SELECT target_id FROM {_ROWS}))
"""  # noqa: S608 - no word of anyone's


@dataclass(frozen=True, slots=True)
class Halves:
    """What is found: in order, packed, what no list and no promotion of the caller is about; of the rest the ids."""

    lasting: Lasting
    ordered: bytes
    touched: Sequence[UUID]


_general = Hot(f"""
    SELECT json_agg(json_build_array(number, {_GENERAL}))::text AS rows
    FROM {_ROWS} AND target_id = ANY (CAST(:targets AS uuid[]))
""")  # noqa: S608
# What is equal is told once, with all whom it is told of: rules tell few of a hundred thousand variants apart.
_alike = Hot(f"""
    SELECT category_ids, amount, floor, cost, rows, named, string_agg(uuid_send(id), '') AS products FROM (
        SELECT products.id, products.category_ids, base.amount, base.floor,
            CASE WHEN variants.cost_currency = :currency THEN variants.cost_amount END AS cost,
            (SELECT json_agg(json_build_array({_ROW}) ORDER BY rows.number)::text FROM (
                SELECT * FROM {_ROWS} AND target_id = ANY (ARRAY[products.id, variants.id])
            ) AS rows) AS rows,
            CASE WHEN products.id = ANY (CAST(:named AS uuid[])) OR variants.id = ANY (CAST(:named AS uuid[]))
                THEN variants.id END AS named
        FROM unnest(CAST(:ids AS uuid[])) AS asked(id) JOIN products USING (id)
            JOIN variants ON {_ACTIVE} LEFT JOIN {_BASE}
    ) AS each GROUP BY category_ids, amount, floor, cost, rows, named LIMIT :limit
""")  # noqa: S608


@lru_cache(maxsize=256)
def _halves(kind: Kind, condition: str, *, any_rules: bool) -> Hot:
    touched = _TOUCHED if any_rules else "false"
    return Hot(f"""
        WITH hits AS MATERIALIZED (
            SELECT products.id, {touched} AS touched FROM products WHERE {narrowing.where(kind, condition)}
        ), priced AS (
            SELECT products.id, min(round(base.amount, CAST(:decimals AS int))) AS amount
            FROM hits AS products LEFT JOIN variants ON {_ACTIVE} LEFT JOIN {_BASE}
            WHERE NOT products.touched GROUP BY products.id
        )
        SELECT {LASTING}, (SELECT array_agg(id) FROM hits WHERE touched) AS touched, (
            SELECT string_agg(int8send(coalesce((amount * {10**FINEST})::int8, {UNPRICED})) || uuid_send(id), ''
                ORDER BY amount, id)
            FROM priced) AS ordered
    """)  # noqa: S608


async def general_rows(work: UnitOfWork, terms: Terms) -> list[RowFacts]:
    """Return the rows of the caller's lists about categories and about everything, for one unit. One statement."""
    given = _given(terms) | {"targets": [PUBLIC, *terms.book.tree]}
    return [price_row(told, terms) for told in read((await work.fetch(_general, given))[0].rows)]


async def halves(work: UnitOfWork, narrowed: Narrowed, terms: Terms, sight: Sight, reach: Reach | None) -> Halves:
    """Return all that is found, in two halves. One statement.

    `reach`: what promotions and general rows are about; None where there are neither these nor lists.
    """
    given = narrowing.given(narrowed, terms, sight) | _given(terms)
    given["decimals"] = decimals(terms.currency, terms.book.policy.scale)
    if terms.viewer.hidden:
        given["currency"] = ""  # nothing has a price in it
    if reach is None:
        del given["list_ids"]
    else:
        named = [*reach.variant_ids, *reach.product_ids]
        given |= {"everything": reach.everything, "touched": list(reach.category_ids), "named": named}
    statement = _halves(narrowed.kind, sights.condition(sight), any_rules=reach is not None)
    row = (await work.fetch(statement, given))[0]
    return Halves(Lasting(row.state, row.since, row.until), row.ordered or b"", row.touched or ())


async def alike(work: UnitOfWork, ids: Collection[UUID], terms: Terms, reach: Reach, limit: int) -> list[Alike]:
    """Return the active variants of these products as far as a price for one unit needs them. One statement.

    Those that no rule tells apart come together; `limit`: so many times at most.
    """
    given = {"ids": list(ids), "named": [*reach.variant_ids, *reach.product_ids], "limit": limit}
    rows = await work.fetch(_alike, {**given, **_given(terms)})
    return [
        Alike(
            products=row.products,
            category_ids=tuple(row.category_ids),
            base=None if row.amount is None else Base(row.amount, None, row.floor),
            cost=row.cost,
            rows=tuple(_own(place, told, terms) for place, told in enumerate(read(row.rows))),
            variant_id=row.named,
        )
        for row in rows
    ]


def _own(place: int, told: list[Any], terms: Terms) -> RowFacts:
    """Return a row about a variant or its product alone; for all that are alike its number is its place."""
    list_id, scope, *rest = told
    return price_row([place, list_id, scope, str(_STANDING_FOR[scope]), *rest], terms)


def _given(terms: Terms) -> dict[str, Any]:
    lists = [] if terms.viewer.hidden else [one.id for one in terms.lists if one.mode is terms.mode]
    return {"currency": terms.currency, "mode": terms.mode, "list_ids": lists}
