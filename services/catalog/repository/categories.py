"""The shop's tree."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Category
from shared.database.pages import page


async def by_code(session: AsyncSession, code: str) -> Category | None:
    """Return the category of a code, if there is one."""
    return await session.scalar(select(Category).where(Category.code == code))


async def by_id(session: AsyncSession, id_: UUID) -> Category | None:
    """Return a category, if there is one."""
    return await session.get(Category, id_)


async def one_page(session: AsyncSession, cursor: str | None, limit: int) -> tuple[Sequence[Category], str | None]:
    """Return a page of categories, newest first."""
    return await page(session, select(Category), Category, cursor, limit)
