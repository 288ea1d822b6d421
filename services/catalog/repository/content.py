"""Content blocks: those kept, and those shown to someone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import ContentBlock
from services.catalog.repository.windows import within
from shared.contracts.catalog.content import ContentNotFound
from shared.database.pages import page
from shared.database.rows import find

MOST_SHOWN = 100


async def by_id(session: AsyncSession, id_: UUID) -> ContentBlock:
    """Return a block. Raises ContentNotFound."""
    return await find(session, ContentBlock, id_, ContentNotFound())


async def one_page(
    session: AsyncSession, placement: str | None, cursor: str | None, limit: int
) -> tuple[Sequence[ContentBlock], str | None]:
    """Return a page of blocks, newest first, of one placement or of all."""
    wanted = select(ContentBlock)
    if placement is not None:
        wanted = wanted.where(ContentBlock.placement == placement)
    return await page(session, wanted, ContentBlock, cursor, limit)


async def shown(
    session: AsyncSession, placement: str, group_ids: Collection[UUID], at: datetime
) -> Sequence[ContentBlock]:
    """Return what a placement shows members of these groups at a moment, in its order: theirs and everyone's."""
    for_them = or_(ContentBlock.group_ids == [], ContentBlock.group_ids.overlap(list(group_ids)))
    lasting = within(ContentBlock.starts_at, ContentBlock.ends_at, at)
    wanted = select(ContentBlock).where(ContentBlock.placement == placement, for_them, lasting)
    ordered = wanted.order_by(ContentBlock.position, ContentBlock.created_at, ContentBlock.id).limit(MOST_SHOWN)
    return (await session.scalars(ordered)).all()
