"""Products as those who keep them need them: by id, by SKU, as events tell them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.prices import PUBLIC
from services.catalog.models import Category, Price, Product, ProductCategory, Stock, Variant
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.products import NewVariant, ProductSnapshot, VariantSnapshot
from shared.kernel.ids import new_id


async def variant(session: AsyncSession, sku: str) -> Variant:
    """Return the variant of a SKU. Raises VariantNotFound."""
    found = await session.scalar(select(Variant).where(Variant.sku == sku))
    if found is None:
        raise VariantNotFound(f"There is no SKU {sku}; GET /v1/products lists what there is.", sku=sku)
    return found


async def taken(session: AsyncSession, skus: Collection[str]) -> set[str]:
    """Return those of the SKUs that a variant has already."""
    return set(await session.scalars(select(Variant.sku).where(Variant.sku.in_(skus))))


async def unknown_categories(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the ids that are no category's."""
    if not ids:
        return set()
    return set(ids) - set(await session.scalars(select(Category.id).where(Category.id.in_(ids))))


async def add_variants(session: AsyncSession, product: Product, variants: Sequence[NewVariant]) -> None:
    """Insert a product's variants, each with its base price and an empty stock. Three statements."""
    numbered = [(new_id(), position, asked) for position, asked in enumerate(variants)]
    await session.execute(insert(Variant), [_variant_row(product, *given) for given in numbered])
    await session.execute(insert(Stock), [{"variant_id": id_} for id_, _, _ in numbered])
    await session.execute(insert(Price), [_price_row(id_, asked) for id_, _, asked in numbered])


def _variant_row(product: Product, id_: UUID, position: int, asked: NewVariant) -> dict[str, Any]:
    return {
        "id": id_,
        "product_id": product.id,
        "position": position,
        "sku": asked.sku,
        "name": asked.name or product.name,
        "tax_category": asked.tax_category,
        "commissionable": asked.commissionable,
    }


def _price_row(variant_id: UUID, asked: NewVariant) -> dict[str, Any]:
    price = asked.base_price
    return {
        "id": new_id(),
        "variant_id": variant_id,
        "unit_amount": price.amount,
        "unit_currency": price.currency,
        "group_id": PUBLIC,
    }


async def put_in_categories(session: AsyncSession, product_id: UUID, category_ids: Collection[UUID]) -> None:
    """Let a product stand in these categories and no others."""
    await session.execute(delete(ProductCategory).where(ProductCategory.product_id == product_id))
    if category_ids:
        rows = [{"product_id": product_id, "category_id": category_id} for category_id in sorted(set(category_ids))]
        await session.execute(insert(ProductCategory), rows)


async def snapshot(session: AsyncSession, product: Product) -> ProductSnapshot:
    """Return a product as events tell it; a variant's base price is the one it got first, never a group's."""
    categories = select(ProductCategory.category_id).where(ProductCategory.product_id == product.id)
    variants = (
        select(Variant, Price)
        .outerjoin(Price, (Price.variant_id == Variant.id) & (Price.group_id == PUBLIC))
        .where(Variant.product_id == product.id)
        .order_by(Variant.position, Price.id)
        .ext(distinct_on(Variant.position))
    )
    return ProductSnapshot(
        id=product.id,
        version=product.version,
        name=product.name,
        status=product.status,
        category_ids=sorted(await session.scalars(categories)),
        variants=[_variant_snapshot(variant, price) for variant, price in await session.execute(variants)],
    )


def _variant_snapshot(variant: Variant, price: Price | None) -> VariantSnapshot:
    return VariantSnapshot(
        id=variant.id,
        sku=variant.sku,
        name=variant.name,
        base_price=price and price.price,
        tax_category=variant.tax_category,
        commissionable=variant.commissionable,
    )
