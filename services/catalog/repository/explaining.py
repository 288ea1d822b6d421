"""What explanations need beside what counts: what keeps somebody from seeing or buying a product, lists at rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.obstacles import ProductFacts, VariantFacts
from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.pricing.facts import Goods
from services.catalog.domain.pricing.tracing import Resting
from services.catalog.domain.quantities import Place, limits
from services.catalog.domain.stock import may_go_ahead
from services.catalog.domain.terms import Terms
from services.catalog.models import Product, Stock, Variant
from services.catalog.repository import goods, rules
from shared.contracts.catalog.price_lists import PriceLevel, Scope
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import ProductNotFound
from shared.messaging.work import UnitOfWork

MOST_RESTING = 50
_resting = text(
    """
    SELECT rows.number, lists.name, lists.level, rows.scope, rows.min_qty,
        CASE WHEN lists.status = 'draft' THEN 'LIST_IS_DRAFT' WHEN lists.currency <> :currency THEN 'OTHER_CURRENCY'
            WHEN lists.starts_at > :as_of THEN 'LIST_NOT_BEGUN' ELSE 'LIST_ENDED' END AS code
    FROM price_lists AS lists JOIN price_rows AS rows ON rows.list_id = lists.id
    WHERE lists.id IN (SELECT list_id FROM price_list_targets WHERE target_id = ANY (CAST(:buyer_ids AS uuid[])))
        AND rows.target_id = ANY (CAST(:target_ids AS uuid[]))
        AND lists.status <> 'archived'
        AND NOT (lists.status = 'active' AND lists.currency = :currency
            AND (lists.starts_at IS NULL OR lists.starts_at <= :as_of)
            AND (lists.ends_at IS NULL OR :as_of < lists.ends_at))
    ORDER BY rows.number DESC LIMIT :most
    """
)


async def resting(session: AsyncSession, of: Goods, terms: Terms) -> list[Resting]:
    """Return the latest rows for a buyer and some goods whose lists are not in force, MOST_RESTING at most.

    Archived lists are left out. One statement.
    """
    given = {
        "buyer_ids": list(terms.viewer.counting),
        "target_ids": [PUBLIC, of.variant_id, of.product_id, *of.places],
        "currency": terms.currency,
        "as_of": terms.as_of,
        "most": MOST_RESTING,
    }
    found = await session.execute(_resting, given)
    return [
        Resting(row.number, row.name, PriceLevel(row.level), Scope(row.scope), row.min_qty, row.code) for row in found
    ]


async def product(work: UnitOfWork, id_: UUID, sku: str | None, terms: Terms) -> tuple[ProductFacts, Sequence[UUID]]:
    """Return a product, sold or not, with all its variants or the one of a SKU, and the categories it stands in.

    Raises ProductNotFound, or VariantNotFound for a SKU that is not one of its. Two statements.
    """
    wanted = (
        select(Product, Variant, Stock)
        .join_from(Product, Variant, Variant.product_id == Product.id, isouter=True)
        .join(Stock, Stock.variant_id == Variant.id, isouter=True)
        .where(Product.id == id_)
        .order_by(Variant.position)
    )
    rows = (await work.session.execute(wanted)).all()
    if not rows:
        raise ProductNotFound
    found = rows[0][0]
    prices = {
        variant.goods.variant_id: terms.price(variant.goods).reason
        for priced in await goods.of_products(work, [id_], terms)
        for variant in priced.variants
    }
    variants = [
        VariantFacts(variant.id, variant.sku, variant.status, variant.quantity_decimals, _left(stock))
        for _, variant, stock in rows
        if variant is not None and sku in (None, variant.sku)
    ]
    if sku is not None and not variants:
        raise VariantNotFound(f"The product has no SKU {sku}.", sku=sku)
    facts = ProductFacts(
        id=found.id,
        status=found.status,
        published_from=found.published_from,
        published_until=found.published_until,
        variants=[replace(variant, price=prices.get(variant.id)) for variant in variants],
    )
    return facts, found.category_ids


async def limited(
    session: AsyncSession, product: ProductFacts, places: Mapping[UUID, int], viewer: Viewer
) -> ProductFacts:
    """Return a product with what limits its quantities for a buyer. One statement."""
    targets = {PUBLIC, product.id, *places, *(variant.id for variant in product.variants)}
    found = await rules.quantity_rules_for(session, viewer.counting, targets)
    variants = [
        replace(variant, limits=limits(found, viewer, Place(variant.id, product.id, places)))
        for variant in product.variants
    ]
    return replace(product, variants=variants)


def _left(stock: Stock | None) -> Decimal:
    """Return how many may still be promised."""
    if stock is None:
        return Decimal(0)
    return stock.on_hand - stock.reserved + may_go_ahead(stock.ahead, stock.ahead_limit)
