"""Products and variants that go for good: whether they were ever used, and everything of theirs with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Product
from services.catalog.repository.tables import (
    base_prices,
    hold_lines,
    movements,
    product_links,
    products,
    stocks,
    variants,
    warehouse_stocks,
)

FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Use:
    """Whether an order ever took a variant, and whether there is or was any of it."""

    sold: bool
    stocked: bool


async def use(session: AsyncSession, variant_ids: Collection[UUID]) -> Use:
    """Return whether any of these variants was used; until the transaction ends nobody begins to. Two statements."""
    ids = list(variant_ids)
    # A hold or a movement refers to its variant, and so waits for this lock, or this waits for it and then sees it.
    await session.execute(select(variants.c.id).where(variants.c.id.in_(ids)).order_by(variants.c.id).with_for_update())
    sold = exists().where(hold_lines.c.variant_id.in_(ids))
    has_stock = and_(stocks.c.variant_id.in_(ids), or_(stocks.c.on_hand != 0, stocks.c.reserved != 0))
    stocked = or_(exists().where(movements.c.variant_id.in_(ids)), exists().where(has_stock))
    row = (await session.execute(select(sold.label("sold"), stocked.label("stocked")))).one()
    return Use(sold=row.sold, stocked=row.stocked)


async def delete_variants(session: AsyncSession, variant_ids: Collection[UUID]) -> None:
    """Delete variants of which there is no use, with their prices and empty stock. Four statements."""
    ids = list(variant_ids)
    for table in (base_prices, warehouse_stocks, stocks):
        await session.execute(delete(table).where(table.c.variant_id.in_(ids)))
    await session.execute(delete(variants).where(variants.c.id.in_(ids)))


async def delete_product(session: AsyncSession, product_id: UUID) -> Sequence[Product]:
    """Delete a product that has no variants any more; return those that led to it, at their next version.

    Two statements.
    """
    leading = select(product_links.c.product_id).where(product_links.c.linked_id == product_id)
    changed = update(Product).where(Product.id.in_(leading)).values(version=Product.version + 1).returning(Product)
    found = (await session.scalars(changed, execution_options=FRESH)).all()
    await session.execute(delete(products).where(products.c.id == product_id))
    return found
