"""The pictures of products, in their order."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import String, Uuid, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Product, ProductImage
from services.catalog.repository.tables import product_images as table
from shared.contracts.catalog.images import ImageNotFound
from shared.contracts.catalog.products import ProductNotFound


async def of_product(session: AsyncSession, product_id: UUID) -> Sequence[ProductImage]:
    """Return one product's pictures, in their order."""
    ordered = select(ProductImage).where(ProductImage.product_id == product_id)
    return (await session.scalars(ordered.order_by(ProductImage.position, ProductImage.id))).all()


async def one(session: AsyncSession, product_id: UUID, image_id: UUID) -> ProductImage:
    """Return a product's picture. Raises ImageNotFound."""
    found = await session.get(ProductImage, image_id)
    if found is None or found.product_id != product_id:
        raise ImageNotFound
    return found


async def count(session: AsyncSession, product_id: UUID) -> int:
    """Return how many pictures a product has. Raises ProductNotFound."""
    images = select(func.count()).select_from(table).where(table.c.product_id == Product.id).scalar_subquery()
    found: int | None = await session.scalar(select(images).where(Product.id == product_id))
    if found is None:
        raise ProductNotFound
    return found


async def put_in_order(session: AsyncSession, product_id: UUID, image_ids: Sequence[UUID]) -> None:
    """Let a product's pictures stand in this order."""
    places = func.array_position(bindparam("image_ids", list(image_ids), ARRAY(Uuid())), table.c.id)
    await session.execute(update(table).where(table.c.product_id == product_id).values(position=places))


async def keys(session: AsyncSession, product_id: UUID) -> list[str]:
    """Return the keys of a product's pictures."""
    return list(await session.scalars(select(table.c.key).where(table.c.product_id == product_id)))


async def shown(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Return those of some keys whose picture a product has."""
    among = bindparam("keys", sorted(keys), ARRAY(String()))
    return set(await session.scalars(select(table.c.key).where(table.c.key == any_(among))))


async def any_shown(session: AsyncSession) -> bool:
    """Tell whether any product has a picture."""
    return await session.scalar(select(table.c.id).limit(1)) is not None


async def shows(session: AsyncSession, key: str) -> bool:
    """Tell whether a product still has the picture of this key."""
    return await session.scalar(select(table.c.id).where(table.c.key == key).limit(1)) is not None
