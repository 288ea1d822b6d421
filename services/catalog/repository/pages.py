"""A page of the storefront: which products stand on it, and how it stands with their stock, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.availability import StockFacts
from services.catalog.domain.goods import Product
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import goods, sights, wording
from services.catalog.repository.goods import PUBLISHED
from services.catalog.repository.json_columns import decimal, read
from services.catalog.repository.wording import HAS_WORDS
from shared.contracts.catalog.links import LinkKind
from shared.contracts.catalog.products import ProductStatus
from shared.contracts.catalog.stock import SellAhead
from shared.contracts.catalog.storefront import ListProducts
from shared.database.pages import cursor_of, cut, read_cursor
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

Filter = Literal["after", "q", "sku", "category"]

STOCK = """
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(variants.id, stocks.on_hand - stocks.reserved, stocks.ahead,
            stocks.ahead_limit, stocks.expected_at, stocks.low_at) ORDER BY variants.position)::text AS found
        FROM variants JOIN stocks ON stocks.variant_id = variants.id
        WHERE variants.product_id = products.id AND variants.status = 'active'
    ) AS stock"""
_conditions: dict[Filter, str] = {
    "after": "(products.created_at, products.id) < (:after_moment, CAST(:after_id AS uuid))",
    "q": HAS_WORDS,
    "sku": "EXISTS (SELECT FROM variants WHERE variants.product_id = products.id AND variants.sku = :sku)",
    "category": "products.category_ids && CAST(:category_ids AS uuid[])",
}


_stock_of = text("""
    SELECT variant_id, on_hand - reserved AS available, ahead, ahead_limit, expected_at, low_at
    FROM stocks WHERE variant_id = ANY (CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True, slots=True)
class Slot:
    """A product's place on a page: which version of it, and the stock of its active variants in order."""

    id: UUID
    version: int
    created_at: datetime
    stock: Sequence[tuple[UUID, StockFacts]]


@lru_cache(maxsize=256)
def _page(filters: frozenset[Filter], condition: str) -> Hot:
    """Return the statement of a page, built once for each set of filters in use."""
    where = [_conditions[name] for name in sorted(filters)]
    return Hot(f"""
        SELECT products.id, products.version, products.created_at, stock.found AS stock FROM (
            SELECT products.id, products.version, products.created_at FROM products
            WHERE products.status = :status AND {" AND ".join([PUBLISHED, condition, *where])}
            ORDER BY products.created_at DESC, products.id DESC LIMIT :limit
        ) AS products {STOCK} ORDER BY products.created_at DESC, products.id DESC
    """)  # noqa: S608 - no word of anyone's


@lru_cache(maxsize=256)
def _one(condition: str) -> Hot:
    return Hot(f"""
        SELECT {goods.COLUMNS}, parts.found AS variants, priced.found AS rows, stock.found AS stock,
            pictures.found AS pictures, limited.found AS limits
        FROM products {STOCK} {goods.PARTS} {goods.SHOWN}
        WHERE products.id = CAST(:id AS uuid)
            AND (CAST(:all_too AS bool) OR (products.status = 'active' AND {PUBLISHED} AND {condition}))
    """)  # noqa: S608


async def page(
    work: UnitOfWork, query: ListProducts, status: ProductStatus, terms: Terms, sight: Sight
) -> tuple[list[Slot], str | None]:
    """Return the slots of a page, and the cursor of the next, or None after the last. One statement."""
    filters, given = _filters(query, terms)
    given |= {"status": status, "limit": query.limit + 1, "as_of": terms.as_of, **sights.given(sight)}
    rows, cursor = cut(await work.fetch(_page(filters, sights.condition(sight)), given), query.limit, cursor_of)
    return [Slot(row.id, row.version, row.created_at, stock_facts(read(row.stock))) for row in rows], cursor


async def one(
    work: UnitOfWork, id_: UUID, terms: Terms, sight: Sight, *, all_too: bool
) -> tuple[Product, Sequence[tuple[UUID, StockFacts]]] | None:
    """Return a product with its stock, or None where there is none to be seen. One statement.

    `all_too`: it is shown to who keeps the catalogue, sold or not.
    """
    given = {"id": id_, "as_of": terms.as_of, "all_too": all_too, **goods.given(terms), **sights.given(sight)}
    rows = await work.fetch(_one(sights.condition(sight)), given)
    return (goods.product(rows[0], terms), stock_facts(read(rows[0].stock))) if rows else None


@lru_cache(maxsize=256)
def _related(condition: str) -> Hot:
    seen = f"products.status = 'active' AND {PUBLISHED} AND {condition}"
    return Hot(f"""
        SELECT products.id, products.version, products.created_at, stock.found AS stock
        FROM (
            SELECT products.id, products.version, products.created_at, -1 AS position FROM products
            WHERE products.id = CAST(:id AS uuid) AND {seen}
            UNION ALL
            SELECT products.id, products.version, products.created_at, links.position
            FROM product_links AS links JOIN products ON products.id = links.linked_id
            WHERE links.product_id = CAST(:id AS uuid) AND links.kind = :kind AND {seen}
        ) AS products {STOCK} ORDER BY products.position, products.id
    """)  # noqa: S608


async def related(work: UnitOfWork, id_: UUID, kind: LinkKind, terms: Terms, sight: Sight) -> list[Slot] | None:
    """Return the slots of what a product leads to, or None where it is not to be seen itself. One statement."""
    given = {"id": id_, "kind": kind, "as_of": terms.as_of, **sights.given(sight)}
    rows = await work.fetch(_related(sights.condition(sight)), given)
    found = [Slot(row.id, row.version, row.created_at, stock_facts(read(row.stock))) for row in rows]
    return found[1:] if found and found[0].id == id_ else None


async def stock_of(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, StockFacts]:
    """Return how it stands with the stock of variants. One statement."""
    rows = await session.execute(_stock_of, {"ids": list(variant_ids)})
    return {row.variant_id: StockFacts(row.available, SellAhead(row.ahead), *row[3:]) for row in rows}


def stock_facts(told: Sequence[Any]) -> list[tuple[UUID, StockFacts]]:
    """Return the stock of a product's active variants, as STOCK tells it, in their order."""
    return [(UUID(id_), _facts(*facts)) for id_, *facts in told or ()]


def _facts(available: Any, ahead: str, limit: Any, expected_at: str | None, low_at: Any) -> StockFacts:
    return StockFacts(
        available=Decimal(available),
        ahead=SellAhead(ahead),
        ahead_limit=decimal(limit),
        expected_at=datetime.fromisoformat(expected_at) if expected_at else None,
        low_at=decimal(low_at),
    )


def _filters(query: ListProducts, terms: Terms) -> tuple[frozenset[Filter], dict[str, Any]]:
    """Return the filters a query uses, and what they bind."""
    filters: set[Filter] = set()
    given: dict[str, Any] = {}
    if query.cursor is not None:
        filters.add("after")
        given["after_moment"], given["after_id"] = read_cursor(query.cursor)
    if query.q is not None:
        filters.add("q")
        given |= wording.given(query.q)
    if query.sku is not None:
        filters.add("sku")
        given["sku"] = query.sku
    if query.category_id is not None:
        filters.add("category")
        given["category_ids"] = terms.book.below(query.category_id)
    return frozenset(filters), given
