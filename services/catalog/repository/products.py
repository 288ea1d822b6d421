"""Products under change: found by SKU, their variants written, told as events tell them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.products import prices_asked
from services.catalog.models import Product, Stock, Variant
from services.catalog.repository import base_prices
from services.catalog.repository.sheets import sheet
from services.catalog.repository.tables import variants
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import NewVariant, ProductSheet, ProductSnapshot, VariantSheet, VariantSnapshot
from shared.kernel.money import UnitPrice

FIRST_CURRENCY = "EUR"


async def variant(session: AsyncSession, sku: str, *, kept: bool = False) -> Variant:
    """Return the variant of a SKU. Raises VariantNotFound.

    `kept`: it is not deleted until the transaction ends.
    """
    wanted = select(Variant).where(Variant.sku == sku)
    found = await session.scalar(wanted.with_for_update(read=True, key_share=True) if kept else wanted)
    if found is None:
        raise VariantNotFound(f"There is no SKU {sku}; GET /v1/products lists what there is.", sku=sku)
    return found


async def taken(session: AsyncSession, skus: Collection[str]) -> set[str]:
    """Return those of the SKUs that a variant has already."""
    return set(await session.scalars(select(Variant.sku).where(Variant.sku.in_(skus))))


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether a product has this code already."""
    return await session.scalar(select(Product.id).where(Product.code == code)) is not None


async def add_variants(
    session: AsyncSession,
    product: Product,
    asked: Sequence[tuple[UUID, NewVariant]],
    at: datetime,
    first: int = 0,
    digest: bytes | None = None,
) -> None:
    """Insert variants of a product from a position on, with their prices and an empty stock. Eight statements at most.

    `digest` is kept of the request where it makes nothing but them.
    """
    rows = [_variant_row(product, position, *given) for position, given in enumerate(asked, first)]
    await session.execute(insert(Variant).values(request_digest=digest), rows)
    await session.execute(insert(Stock), [{"variant_id": id_} for id_, _ in asked])
    await base_prices.put(session, [(id_, price) for id_, variant in asked for price in prices_asked(variant)], at)


async def variants_of(session: AsyncSession, product_id: UUID) -> Sequence[Variant]:
    """Return a product's variants in their order; they change under its lock."""
    ordered = select(Variant).where(Variant.product_id == product_id).order_by(Variant.position)
    return (await session.scalars(ordered)).all()


async def rename_variants(session: AsyncSession, product: Product, name: str) -> None:
    """Let the variants that are called like their product be called as it is to be."""
    if name != product.name:
        called = update(Variant).where(Variant.product_id == product.id, Variant.name == product.name)
        await session.execute(called.values(name=name))


async def order_variants(session: AsyncSession, product_id: UUID, variant_ids: Sequence[UUID]) -> None:
    """Put all variants of a product in this order. Two statements: on the way no two share a place."""
    of_product = variants.c.product_id == product_id
    await session.execute(update(variants).where(of_product).values(position=-1 - variants.c.position))
    places = {id_: position for position, id_ in enumerate(variant_ids)}
    await session.execute(update(variants).where(of_product).values(position=case(places, value=variants.c.id)))


def _variant_row(product: Product, position: int, id_: UUID, asked: NewVariant) -> dict[str, Any]:
    return {
        "id": id_,
        "product_id": product.id,
        "position": position,
        "sku": asked.sku,
        "barcode": asked.barcode,
        "name": asked.name or product.name,
        "options": asked.options,
        "tax_category": asked.tax_category,
        "commissionable": asked.commissionable,
        "unit": asked.unit,
        "quantity_decimals": asked.quantity_decimals,
        "weight": asked.weight,
        "length": asked.length,
        "width": asked.width,
        "height": asked.height,
        "cost_amount": asked.cost and asked.cost.amount,
        "cost_currency": asked.cost and asked.cost.currency,
    }


async def snapshot(session: AsyncSession, product: Product) -> ProductSnapshot:
    """Return a product as events tell it."""
    return told(await sheet(session, product))


def told(product: ProductSheet) -> ProductSnapshot:
    """Return what events tell of a product: base prices only, neither its costs nor its floors."""
    return ProductSnapshot(
        id=product.id,
        version=product.version,
        code=product.code,
        name=product.name,
        status=product.status,
        category_ids=product.category_ids,
        published_from=product.published_from,
        published_until=product.published_until,
        variants=[_variant_snapshot(variant) for variant in product.variants],
    )


def _variant_snapshot(variant: VariantSheet) -> VariantSnapshot:
    prices = [price.unit_price for price in variant.prices if price.mode is PriceMode.NET]
    return VariantSnapshot(
        id=variant.id,
        sku=variant.sku,
        barcode=variant.barcode,
        name=variant.name,
        status=variant.status,
        base_price=_first(prices),
        base_prices=prices,
        gross_prices=[price.unit_price for price in variant.prices if price.mode is PriceMode.GROSS],
        tax_category=variant.tax_category,
        commissionable=variant.commissionable,
    )


def _first(prices: Sequence[UnitPrice]) -> UnitPrice | None:
    return min(prices, key=lambda price: (price.currency != FIRST_CURRENCY, price.currency), default=None)
