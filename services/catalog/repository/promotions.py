"""Promotions: by id, by code, by the page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Promotion
from services.catalog.repository.windows import within
from shared.contracts.catalog.promotions import ListPromotions, PromotionNotFound
from shared.database.pages import page
from shared.database.rows import find


async def by_id(session: AsyncSession, id_: UUID) -> Promotion:
    """Return a promotion. Raises PromotionNotFound."""
    return await find(session, Promotion, id_, PromotionNotFound())


async def code_taken(session: AsyncSession, code: str) -> bool:
    """Tell whether a promotion has this code already."""
    return await session.scalar(select(Promotion.id).where(Promotion.code == code)) is not None


async def one_page(
    session: AsyncSession, query: ListPromotions, at: datetime
) -> tuple[Sequence[Promotion], str | None]:
    """Return a page of promotions, newest first; `at` decides which are in force. One statement."""
    statement = select(Promotion)
    if query.enabled is not None:
        statement = statement.where(Promotion.enabled.is_(query.enabled))
    if query.in_force is not None:
        in_force = within(Promotion.starts_at, Promotion.ends_at, at)
        statement = statement.where(in_force if query.in_force else ~in_force)
    return await page(session, statement, Promotion, query.cursor, query.limit)
