"""Products as callers see them: a page, or one, with variants, stock and eligible prices in one statement."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.repository.prices import MAY_COUNT
from services.catalog.repository.tables import prices, product_categories, products, stocks, variants
from shared.contracts.catalog.products import ListProducts, ProductStatus
from shared.database.pages import cursor_of, read_cursor

Filter = Literal["after", "q", "sku", "category_id"]
Rows = Sequence[Row[Any]]

_variant_of = variants.c.product_id == products.c.id
_pattern = bindparam("q", type_=String())
_newest_first = (products.c.created_at.desc(), products.c.id.desc())
_conditions: dict[Filter, ColumnElement[bool]] = {
    "after": tuple_(products.c.created_at, products.c.id)
    < tuple_(bindparam("after_moment", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid())),
    "q": or_(
        products.c.name.ilike(_pattern),
        select(variants.c.id).where(_variant_of, variants.c.sku.ilike(_pattern)).exists(),
    ),
    "sku": select(variants.c.id).where(_variant_of, variants.c.sku == bindparam("sku", type_=String())).exists(),
    "category_id": select(product_categories.c.product_id)
    .where(
        product_categories.c.product_id == products.c.id,
        product_categories.c.category_id == bindparam("category_id", type_=Uuid()),
    )
    .exists(),
}

_places = (
    select(product_categories.c.category_id)
    .where(product_categories.c.product_id == products.c.id)
    .order_by(product_categories.c.category_id)
    .correlate(products)
    .scalar_subquery()
)
_products = select(products, func.array(_places).label("category_ids"))


def _with_variants(chosen: Select[Any]) -> Select[Any]:
    """Return the statement of one row per variant and eligible price of the chosen products, in their order."""
    shown = chosen.cte("shown")
    return (
        select(
            *(shown.c[name] for name in ("id", "name", "status", "created_at", "version")),
            # A long text travels once per product, not once per variant.
            case((variants.c.position == 0, shown.c.description)).label("description"),
            case((variants.c.position == 0, shown.c.category_ids)).label("category_ids"),
            variants.c.id.label("variant_id"),
            variants.c.sku,
            variants.c.name.label("variant_name"),
            variants.c.tax_category,
            (stocks.c.on_hand - stocks.c.reserved).label("available"),
            prices.c.id.label("price_id"),
            prices.c.unit_amount,
            prices.c.unit_currency,
            prices.c.group_id,
        )
        .select_from(
            shown.join(variants, variants.c.product_id == shown.c.id)
            .join(stocks, stocks.c.variant_id == variants.c.id)
            .outerjoin(prices, MAY_COUNT)
        )
        .order_by(shown.c.created_at.desc(), shown.c.id.desc(), variants.c.position, prices.c.id)
    )


@cache
def _page(filters: frozenset[Filter]) -> Select[Any]:
    """Return the statement of a page, built once for each set of filters in use."""
    return _with_variants(
        _products.where(products.c.status == bindparam("status", type_=products.c.status.type))
        .where(*(_conditions[name] for name in sorted(filters)))
        .order_by(*_newest_first)
        .limit(bindparam("limit", type_=Integer()))
    )


_one = _with_variants(
    _products.where(
        products.c.id == bindparam("id", type_=Uuid()),
        or_(products.c.status == ProductStatus.ACTIVE, bindparam("discontinued_too", type_=Boolean())),
    )
)


async def page(
    session: AsyncSession, query: ListProducts, status: ProductStatus, group_ids: Collection[UUID]
) -> tuple[list[Rows], str | None]:
    """Return the rows of each product of a page, and the cursor of the next, or None after the last. One statement."""
    filters = _filters(query)
    given = {"status": status, "limit": query.limit + 1, "currency": query.currency, "group_ids": list(group_ids)}
    statement = _page(frozenset(filters))
    rows = await session.execute(statement, given | {name: value for part in filters.values() for name, value in part})
    found = _by_product(rows)
    more = len(found) > query.limit
    return found[: query.limit], cursor_of(found[query.limit - 1][0]) if more else None


async def one(
    session: AsyncSession, id_: UUID, currency: str, group_ids: Collection[UUID], *, discontinued_too: bool
) -> Rows | None:
    """Return the rows of one product, or None where there is none to be seen. One statement."""
    given = {"id": id_, "currency": currency, "group_ids": list(group_ids), "discontinued_too": discontinued_too}
    found = _by_product(await session.execute(_one, given))
    return found[0] if found else None


def _filters(query: ListProducts) -> dict[Filter, tuple[tuple[str, Any], ...]]:
    """Return the filters a query uses, each with what it binds."""
    filters: dict[Filter, tuple[tuple[str, Any], ...]] = {}
    if query.cursor is not None:
        moment, id_ = read_cursor(query.cursor)
        filters["after"] = (("after_moment", moment), ("after_id", id_))
    if query.q is not None:
        filters["q"] = (("q", f"%{_literally(query.q)}%"),)
    if query.sku is not None:
        filters["sku"] = (("sku", query.sku),)
    if query.category_id is not None:
        filters["category_id"] = (("category_id", query.category_id),)
    return filters


def _literally(words: str) -> str:
    """Return a text in which ILIKE finds no wildcard."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _by_product(rows: Iterable[Row[Any]]) -> list[Rows]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row.id)]
