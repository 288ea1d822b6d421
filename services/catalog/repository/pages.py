"""A page of the storefront: which products stand on it, and how it stands with their stock, in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.availability import StockFacts
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import dealings, sights, wording
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
STEADY: frozenset[Filter] = frozenset({"after", "sku"})
"""Filters that find as much whatever they bind; of a word or a category it depends on which."""
_stock_of = text("""
    SELECT variant_id, on_hand - reserved AS available, ahead, ahead_limit, expected_at, low_at
    FROM stocks WHERE variant_id = ANY (CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True, slots=True)
class Slot:
    """A product's place on a page: which version of it, and the stock of its active variants as STOCK tells it."""

    id: UUID
    version: int
    created_at: datetime
    stock: str | None


@dataclass(frozen=True, slots=True)
class SlotsOfPage:
    """The question which products stand on a page, one more than it shows."""

    query: ListProducts
    status: ProductStatus

    @property
    def steady(self) -> bool:
        """Tell whether one plan serves all that may be asked so."""
        return _used(self.query) <= STEADY

    def on(self, terms: Terms, sight: Sight) -> tuple[Hot, dict[str, Any]]:
        """Return the statement on somebody's terms, and what it binds."""
        given = _bound(self.query, terms) | {"status": self.status, "as_of": terms.as_of, **sights.given(sight)}
        return _page(_used(self.query), sights.condition(sight), self.query.limit + 1), given

    def read(self, row: Any) -> tuple[list[Slot], str | None]:
        """Return the slots, and the cursor of the next page, or None after the last."""
        columns = (column or () for column in (row.ids, row.versions, row.moments, row.stocks))
        slots = [Slot(*one) for one in zip(*columns, strict=True)]
        shown, cursor = cut(slots, self.query.limit, cursor_of)
        return list(shown), cursor


@dataclass(frozen=True, slots=True)
class SlotOfOne:
    """The question whether a product is seen. `all_too`: by who keeps the catalogue, sold or not."""

    id: UUID
    all_too: bool
    steady: ClassVar[bool] = True

    def on(self, terms: Terms, sight: Sight) -> tuple[Hot, dict[str, Any]]:
        """Return the statement on somebody's terms, and what it binds."""
        given = {"id": self.id, "all_too": self.all_too, "as_of": terms.as_of, **sights.given(sight)}
        return _one(sights.condition(sight)), given

    def read(self, row: Any) -> Slot | None:
        """Return its slot, None where it is not seen."""
        return None if row.slot_id is None else Slot(row.slot_id, row.slot_version, row.slot_created_at, row.stock)


@lru_cache(maxsize=256)
def _page(filters: frozenset[Filter], condition: str, limit: int) -> Hot:
    """Return the statement of a page, built once for each set of filters and length in use.

    The length is written out, so that a plan that is kept knows how few rows are wanted. What the terms were read from
    comes along where that does not have to be planned each time.
    """
    where = " AND ".join([PUBLISHED, condition, *(_conditions[name] for name in sorted(filters))])
    order = "products.created_at DESC, products.id DESC"
    page = f"""(SELECT array_agg(products.id ORDER BY {order}) AS ids,
        array_agg(products.version ORDER BY {order}) AS versions,
        array_agg(products.created_at ORDER BY {order}) AS moments,
        array_agg(stock.found ORDER BY {order}) AS stocks
        FROM (
            SELECT products.id, products.version, products.created_at FROM products
            WHERE products.status = :status AND {where} ORDER BY {order} LIMIT {limit:d}
        ) AS products {STOCK}) AS page"""  # noqa: S608 - no word of anyone's
    if filters <= STEADY:
        return Hot(dealings.statement(", page.*", f"CROSS JOIN {page}"), steady=True)
    return Hot(f"SELECT page.* FROM {page}")  # noqa: S608


@lru_cache(maxsize=256)
def _one(condition: str) -> Hot:
    slot = f"""LEFT JOIN (SELECT products.id AS slot_id, products.version AS slot_version,
            products.created_at AS slot_created_at, stock.found AS stock
        FROM products {STOCK} WHERE products.id = CAST(:id AS uuid)
            AND (CAST(:all_too AS bool) OR (products.status = 'active' AND {PUBLISHED} AND {condition}))
        ) AS slot ON true"""  # noqa: S608 - no word of anyone's
    return Hot(dealings.statement(", slot.*", slot), steady=True)


@lru_cache(maxsize=256)
def _related(condition: str) -> Hot:
    seen = f"products.status = 'active' AND {PUBLISHED} AND {condition}"
    return Hot(
        f"""
        SELECT products.id, products.version, products.created_at, stock.found AS stock
        FROM (
            SELECT products.id, products.version, products.created_at, -1 AS position FROM products
            WHERE products.id = CAST(:id AS uuid) AND {seen}
            UNION ALL
            SELECT products.id, products.version, products.created_at, links.position
            FROM product_links AS links JOIN products ON products.id = links.linked_id
            WHERE links.product_id = CAST(:id AS uuid) AND links.kind = :kind AND {seen}
        ) AS products {STOCK} ORDER BY products.position, products.id
    """,  # noqa: S608 - no word of anyone's
        steady=True,
    )


async def related(work: UnitOfWork, id_: UUID, kind: LinkKind, terms: Terms, sight: Sight) -> list[Slot] | None:
    """Return the slots of what a product leads to, or None where it is not to be seen itself. One statement."""
    given = {"id": id_, "kind": kind, "as_of": terms.as_of, **sights.given(sight)}
    rows = await work.fetch(_related(sights.condition(sight)), given)
    found = [Slot(*row) for row in rows]
    return found[1:] if found and found[0].id == id_ else None


async def stock_of(session: AsyncSession, variant_ids: Collection[UUID]) -> dict[UUID, StockFacts]:
    """Return how it stands with the stock of variants. One statement."""
    rows = await session.execute(_stock_of, {"ids": list(variant_ids)})
    return {row.variant_id: StockFacts(row.available, SellAhead(row.ahead), *row[3:]) for row in rows}


def stock_facts(told: str | None) -> list[tuple[UUID, StockFacts]]:
    """Return the stock of a product's active variants, as STOCK tells it, in their order."""
    return [(UUID(id_), _facts(*facts)) for id_, *facts in read(told)]


def _facts(available: Any, ahead: str, limit: Any, expected_at: str | None, low_at: Any) -> StockFacts:
    return StockFacts(
        available=Decimal(available),
        ahead=SellAhead(ahead),
        ahead_limit=decimal(limit),
        expected_at=datetime.fromisoformat(expected_at) if expected_at else None,
        low_at=decimal(low_at),
    )


def _used(query: ListProducts) -> frozenset[Filter]:
    """Return the filters that a query uses."""
    asked = {"after": query.cursor, "q": query.q, "sku": query.sku, "category": query.category_id}
    return frozenset(name for name in _conditions if asked[name] is not None)


def _bound(query: ListProducts, terms: Terms) -> dict[str, Any]:
    """Return what its filters bind."""
    given: dict[str, Any] = {"sku": query.sku}
    if query.cursor is not None:
        given["after_moment"], given["after_id"] = read_cursor(query.cursor)
    if query.q is not None:
        given |= wording.given(query.q)
    if query.category_id is not None:
        given["category_ids"] = terms.book.below(query.category_id)
    return given
