"""Products as those who keep the catalogue look for them: sold or not, published or not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Category, Product, Variant
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.sheets import ListProductSheets
from shared.database.pages import page
from shared.database.rows import find


async def by_id(session: AsyncSession, id_: UUID) -> Product:
    """Return a product. Raises ProductNotFound."""
    return await find(session, Product, id_, ProductNotFound())


async def one_page(session: AsyncSession, asked: ListProductSheets) -> tuple[Sequence[Product], str | None]:
    """Return a page of the products asked for, newest first. One statement."""
    return await page(session, _wanted(asked), Product, asked.cursor, asked.limit)


def _wanted(asked: ListProductSheets) -> Select[Product]:
    wanted = select(Product)
    if asked.q:
        wanted = wanted.where(and_(*(_said(word) for word in asked.q.split())))
    if asked.sku is not None:
        wanted = wanted.where(Product.id.in_(select(Variant.product_id).where(Variant.sku == asked.sku)))
    if asked.code is not None:
        wanted = wanted.where(Product.code == asked.code)
    if asked.category_id is not None:
        below = select(func.array_agg(Category.id)).where(Category.path.contains([asked.category_id]))
        wanted = wanted.where(Product.category_ids.overlap(below.scalar_subquery()))
    if asked.status is not None:
        wanted = wanted.where(Product.status == asked.status)
    return wanted


def _said(word: str) -> Any:
    """Return that a product says a word, or a part of it, whatever its accents."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Product.words.like(func.lower(func.unaccent(f"%{escaped}%")))
