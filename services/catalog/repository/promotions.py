"""Promotions: by id, by code, by the page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Promotion
from shared.contracts.catalog.promotions import ListPromotions, PromotionNotFound
from shared.database.pages import page


async def find(session: AsyncSession, id_: UUID) -> Promotion:
    """Return a promotion. Raises PromotionNotFound."""
    found = await session.get(Promotion, id_)
    if found is None:
        raise PromotionNotFound
    return found


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
        begun = or_(Promotion.starts_at.is_(None), Promotion.starts_at <= at)
        within = and_(begun, or_(Promotion.ends_at.is_(None), Promotion.ends_at > at))
        statement = statement.where(within if query.in_force else ~within)
    return await page(session, statement, Promotion, query.cursor, query.limit)
