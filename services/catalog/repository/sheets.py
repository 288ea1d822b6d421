"""Products with all that is kept of them, as those who keep the catalogue read them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Product, Variant
from services.catalog.repository import base_prices
from shared.contracts.catalog.products import BasePriceView, Option, ProductSheet, Texts, VariantSheet
from shared.kernel.money import UnitPrice


async def sheet(session: AsyncSession, product: Product) -> ProductSheet:
    """Return one product. Two statements."""
    (found,) = await sheets(session, [product])
    return found


async def sheets(session: AsyncSession, products: Sequence[Product]) -> list[ProductSheet]:
    """Return these products, in their order. Two statements, however many."""
    ids = [product.id for product in products]
    ordered = select(Variant).where(Variant.product_id.in_(ids)).order_by(Variant.product_id, Variant.position)
    variants = (await session.scalars(ordered)).all()
    prices = await base_prices.of_variants(session, [variant.id for variant in variants])
    of_product: dict[UUID, list[VariantSheet]] = defaultdict(list)
    for variant in variants:
        of_product[variant.product_id].append(_variant(variant, prices[variant.id]))
    return [_sheet(product, of_product[product.id]) for product in products]


def _variant(variant: Variant, prices: list[BasePriceView]) -> VariantSheet:
    return VariantSheet(
        id=variant.id,
        sku=variant.sku,
        barcode=variant.barcode,
        name=variant.name,
        options=variant.options,
        status=variant.status,
        tax_category=variant.tax_category,
        commissionable=variant.commissionable,
        unit=variant.unit,
        quantity_decimals=variant.quantity_decimals,
        weight=variant.weight,
        length=variant.length,
        width=variant.width,
        height=variant.height,
        cost=_cost(variant),
        prices=prices,
    )


def _cost(variant: Variant) -> UnitPrice | None:
    if variant.cost_amount is None or variant.cost_currency is None:
        return None
    return UnitPrice(variant.cost_amount, variant.cost_currency)


def _sheet(product: Product, variants: list[VariantSheet]) -> ProductSheet:
    return ProductSheet(
        id=product.id,
        code=product.code,
        name=product.name,
        description=product.description,
        translations={locale: Texts.model_validate(texts) for locale, texts in product.translations.items()},
        options=[Option.model_validate(option) for option in product.options],
        attributes=product.attributes,
        category_ids=product.category_ids,
        perishable=product.perishable,
        status=product.status,
        published_from=product.published_from,
        published_until=product.published_until,
        variants=variants,
        created_at=product.created_at,
        version=product.version,
    )
