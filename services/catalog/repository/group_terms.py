"""The terms of customer groups: by group, by the page, and the minimums that they say."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.minimums import Minimum
from services.catalog.models import GroupTerms
from services.catalog.repository.tables import group_terms
from shared.database.pages import cut
from shared.kernel.money import Money


async def of_group(session: AsyncSession, group_id: UUID, *, lock: bool = False) -> GroupTerms | None:
    """Return the terms of a group, locked until the transaction ends if so asked; None where nobody set any."""
    return await session.get(GroupTerms, group_id, with_for_update=lock or None)


async def minimums_of(session: AsyncSession, group_ids: Iterable[UUID]) -> list[Minimum]:
    """Return the minimums of those of these groups that have terms. One statement."""
    rows = await session.execute(select(group_terms).where(group_terms.c.group_id.in_(set(group_ids))))
    return [
        Minimum(
            group_id=row.group_id,
            min_qty=row.minimum_qty,
            min_subtotal=money(row.minimum_subtotal, row.currency),
            operator=row.operator,
            action=row.action,
            surcharge=money(row.surcharge, row.currency),
        )
        for row in rows
    ]


def money(amount: Any, currency: str | None) -> Money | None:
    """Return an amount of a group's terms, None where there is none."""
    return None if amount is None or currency is None else Money(amount, currency)


async def one_page(session: AsyncSession, after: UUID | None, limit: int) -> tuple[Sequence[GroupTerms], str | None]:
    """Return a page of the terms of groups by group, and the group after which the next begins."""
    wanted = select(GroupTerms).order_by(GroupTerms.group_id).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(GroupTerms.group_id > after)
    return cut((await session.scalars(wanted)).all(), limit, lambda terms: str(terms.group_id))
