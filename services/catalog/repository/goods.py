"""Goods with everything a price or a page needs of them, in one statement however many there are."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.goods import Picture, Product, Variant
from services.catalog.domain.price_history import in_market
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.pricing.facts import Base, Goods, RowFacts
from services.catalog.domain.quantities import QuantityFacts
from services.catalog.domain.sight import Sight
from services.catalog.domain.terms import Terms
from services.catalog.repository import sights
from services.catalog.repository.json_columns import decimal, read
from shared.contracts.catalog.price_lists import AdjustmentKind, Reference, Scope
from shared.contracts.catalog.rules import BuyerScope, QuantityBasis
from shared.messaging.hot import Hot
from shared.messaging.work import UnitOfWork

PUBLISHED = """(products.published_from IS NULL OR products.published_from <= :as_of)
    AND (products.published_until IS NULL OR :as_of < products.published_until)"""
COLUMNS = """products.id, products.version, products.code, products.name, products.description,
    products.translations::text AS translations, products.options::text AS options,
    products.attributes::text AS attributes, products.category_ids, products.status, products.created_at"""
MOST_STEPS = 1_000
"""So many of the last prices are read: those of 30 days, though each hour had another."""
ANNOUNCED = "NOT products.perishable AND (CAST(:promoted AS bool) OR base.original IS NOT NULL)"
# Other groups' prices are not even read: what is not here cannot leak (rules 3.1, P9).
PARTS = f"""
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(variants.id, variants.sku, variants.barcode, variants.name, variants.options,
            variants.unit, variants.quantity_decimals, variants.weight, variants.length, variants.width,
            variants.height, variants.tax_category, variants.commissionable, base.amount, base.original, base.floor,
            CASE WHEN variants.cost_currency = :currency THEN variants.cost_amount END,
            CASE WHEN {ANNOUNCED} THEN (
                SELECT json_agg(json_build_array(latest.at, latest.amount) ORDER BY latest.at, latest.id) FROM (
                    SELECT id, at, amount FROM public_prices AS past
                    WHERE past.variant_id = variants.id AND past.currency = :currency AND past.mode = :mode
                    ORDER BY at DESC, id DESC LIMIT {MOST_STEPS}) AS latest) END,
            CASE WHEN {ANNOUNCED} AND CAST(:market AS text) IS NOT NULL THEN (
                SELECT json_agg(json_build_array(latest.at, latest.amount) ORDER BY latest.at, latest.id) FROM (
                    SELECT id, at, amount FROM market_prices AS past
                    WHERE past.variant_id = variants.id AND past.market = CAST(:market AS text)
                        AND past.currency = :currency AND past.mode = :mode
                    ORDER BY at DESC, id DESC LIMIT {MOST_STEPS}) AS latest) END
            ) ORDER BY variants.position)::text AS found, array_agg(variants.id) AS ids
        FROM variants LEFT JOIN base_prices AS base
            ON base.variant_id = variants.id AND base.currency = :currency AND base.mode = :mode
        WHERE variants.product_id = products.id AND variants.status = 'active'
    ) AS parts
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(number, list_id, scope, target_id, min_qty, max_qty, kind, value, reference)
            )::text AS found
        FROM price_rows WHERE list_id = ANY (CAST(:list_ids AS uuid[])) AND target_id = ANY (
            ARRAY['{PUBLIC}'::uuid, products.id] || parts.ids
            || (SELECT array_agg(place) FROM categories, unnest(path) AS place
                WHERE categories.id = ANY (products.category_ids)))
    ) AS priced
"""  # noqa: S608 - no word of anyone's
PICTURES = """
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(id, key, alt, width, height) ORDER BY position, id)::text AS found
        FROM product_images WHERE product_id = products.id
    ) AS pictures"""
LIMITS = f"""
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(id, number, buyer_scope, buyer_id, scope, target_id, min_qty, max_qty,
            multiple, period_qty, period_days, basis))::text AS found
        FROM quantity_rules WHERE buyer_id = ANY (CAST(:buyer_ids AS uuid[])) AND target_id = ANY (
            ARRAY['{PUBLIC}'::uuid, products.id] || parts.ids
            || (SELECT array_agg(place) FROM categories, unnest(path) AS place
                WHERE categories.id = ANY (products.category_ids)))
    ) AS limited"""  # noqa: S608
SHOWN = f"{PICTURES} {LIMITS}"
_of_products = Hot(
    f"""
    SELECT {COLUMNS}, parts.found AS variants, priced.found AS rows, pictures.found AS pictures,
        limited.found AS limits
    FROM unnest(CAST(:ids AS uuid[])) AS asked(id) JOIN products USING (id) {PARTS} {SHOWN}
""",  # noqa: S608 - no word of anyone's
    steady=True,
)


@lru_cache(maxsize=256)
def _on_sale(condition: str, *, barcodes_too: bool) -> TextClause:
    named = "sku = ANY (:skus) OR barcode = ANY (:skus)" if barcodes_too else "sku = ANY (:skus)"
    return text(f"""
        SELECT {COLUMNS}, parts.found AS variants, priced.found AS rows
        FROM (SELECT DISTINCT product_id AS id FROM variants WHERE {named}) AS asked
        JOIN products USING (id) {PARTS}
        WHERE products.status = 'active' AND {PUBLISHED} AND {condition}
    """)  # noqa: S608


def given(terms: Terms) -> dict[str, Any]:
    """Return what the statements of this module bind."""
    return {
        "currency": terms.currency,
        "mode": terms.mode,
        "list_ids": [] if terms.viewer.hidden else list(terms.list_by_id),
        "promoted": bool(terms.promotions),
        "market": terms.viewer.market,
        "buyer_ids": list(terms.limited_by),
    }


async def of_products(work: UnitOfWork, ids: Collection[UUID], terms: Terms) -> list[Product]:
    """Return products with what their variants cost on some terms, in no order. One statement."""
    rows = await work.fetch(_of_products, {"ids": list(ids), **given(terms)})
    return _products(rows, terms)


async def on_sale(
    session: AsyncSession, skus: Collection[str], terms: Terms, sight: Sight, *, barcodes_too: bool = False
) -> list[Product]:
    """Return the products of these SKUs that are on sale for who may see them, all their variants with them.

    One statement, however many SKUs.
    """
    bound = {"skus": list(set(skus)), "as_of": terms.as_of, **given(terms), **sights.given(sight)}
    rows = await session.execute(_on_sale(sights.condition(sight), barcodes_too=barcodes_too), bound)
    return _products(rows, terms)


def _products(rows: Iterable[Any], terms: Terms) -> list[Product]:
    """Return rows of COLUMNS and PARTS as products; what is about many of them is read once."""
    agreed: dict[int, RowFacts] = {}
    limits: dict[int, QuantityFacts] = {}
    return [_product(row, terms, agreed, limits) for row in rows]


def _product(row: Row[Any], terms: Terms, agreed: dict[int, RowFacts], limits: dict[int, QuantityFacts]) -> Product:
    rows = [agreed.get(told[0]) or agreed.setdefault(told[0], price_row(told, terms)) for told in read(row.rows)]
    places = terms.book.places(row.category_ids)
    return Product(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        description=row.description,
        translations=read(row.translations) or {},
        options=read(row.options) or [],
        attributes=read(row.attributes) or {},
        category_ids=row.category_ids,
        status=row.status,
        created_at=row.created_at,
        variants=[_variant(told, row.id, places, rows, terms) for told in read(row.variants)],
        pictures=[Picture(UUID(id_), *rest) for id_, *rest in read(getattr(row, "pictures", None))],
        quantity_rules=[
            limits.get(told[1]) or limits.setdefault(told[1], _quantity_rule(told))
            for told in read(getattr(row, "limits", None))
        ],
    )


def _variant(
    told: list[Any], product_id: UUID, places: Mapping[UUID, int], rows: list[RowFacts], terms: Terms
) -> Variant:
    (id_, sku, barcode, name, options, unit, decimals, weight, length, width, height, tax, commissionable, *money) = (
        told
    )
    amount, original, floor, cost, history, apart = money
    variant_id = UUID(id_)
    goods = Goods(
        variant_id=variant_id,
        product_id=product_id,
        base=None if amount is None else Base(Decimal(amount), decimal(original), decimal(floor)),
        places=places,
        cost=decimal(cost),
        rows=tuple(row for row in rows if row.scope is not Scope.VARIANT or row.target_id == variant_id),
        promotions=terms.promoting(variant_id, product_id, frozenset(places)) if terms.promotions else (),
        mode=terms.mode,
    )
    everyones = [(datetime.fromisoformat(at), Decimal(then)) for at, then in history or ()]
    past = in_market(everyones, [(datetime.fromisoformat(at), decimal(then)) for at, then in apart or ()])
    measures = (weight, length, width, height)
    return Variant(goods, sku, barcode, name, options, unit, decimals, *measures, tax, commissionable, past)


def price_row(told: list[Any], terms: Terms) -> RowFacts:
    """Return a row of a price list that counts on some terms, from its columns as PARTS tells them."""
    number, list_id, scope, target_id, min_qty, max_qty, kind, value, reference = told
    return RowFacts(
        number=number,
        list=terms.list_by_id[UUID(list_id)],
        scope=Scope(scope),
        target_id=UUID(target_id),
        value=Decimal(value),
        kind=AdjustmentKind(kind),
        min_qty=Decimal(min_qty),
        max_qty=decimal(max_qty),
        reference=Reference(reference),
    )


def _quantity_rule(told: list[Any]) -> QuantityFacts:
    id_, number, buyer_scope, buyer_id, scope, target_id, least, most, multiple, period, days, basis = told
    return QuantityFacts(
        id=UUID(id_),
        number=number,
        buyer_scope=BuyerScope(buyer_scope),
        buyer_id=UUID(buyer_id),
        scope=Scope(scope),
        target_id=UUID(target_id),
        min_qty=decimal(least),
        max_qty=decimal(most),
        multiple=decimal(multiple),
        period_qty=decimal(period),
        period_days=days,
        basis=QuantityBasis(basis),
    )
