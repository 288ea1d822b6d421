"""A product with everything that may keep somebody from seeing or buying it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.obstacles import ProductFacts, VariantFacts
from services.catalog.domain.prices import PUBLIC, Viewer
from services.catalog.domain.quantities import Place, limits
from services.catalog.domain.stock import may_go_ahead
from services.catalog.domain.terms import Terms
from services.catalog.models import Product, Stock, Variant
from services.catalog.repository import goods, rules
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import ProductNotFound
from shared.messaging.work import UnitOfWork


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
