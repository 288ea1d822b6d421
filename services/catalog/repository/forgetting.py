"""What names goods that go for good: taken out of rules and price lists, each kind in a few statements at most."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import PriceList, Promotion
from services.catalog.repository.tables import price_rows

FRESH = {"populate_existing": True}
_left_by = text("""
    UPDATE promotions SET target_ids = rest.ids, enabled = enabled AND rest.ids <> '{}', version = version + 1
    FROM (
        SELECT id, ARRAY(
            SELECT named FROM unnest(target_ids) AS named WHERE named <> ALL (CAST(:ids AS uuid[])) ORDER BY named
        ) AS ids FROM promotions WHERE target_ids && CAST(:ids AS uuid[])
    ) AS rest WHERE promotions.id = rest.id RETURNING promotions.id
""")


async def prices(session: AsyncSession, ids: Collection[UUID]) -> Sequence[PriceList]:
    """Delete the rows of price lists about these goods; return the lists, at their next version. Three statements."""
    about = price_rows.c.target_id.in_(ids)
    listed = select(price_rows.c.list_id).where(about)
    locked = select(PriceList.id).where(PriceList.id.in_(listed)).order_by(PriceList.id).with_for_update()
    list_ids = (await session.scalars(locked)).all()
    if not list_ids:
        return []
    await session.execute(delete(price_rows).where(about))
    changed = update(PriceList).where(PriceList.id.in_(list_ids)).values(version=PriceList.version + 1)
    return (await session.scalars(changed.returning(PriceList), execution_options=FRESH)).all()


async def rules(session: AsyncSession, table: Table, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Delete the rules of a table that are about these goods; return them. One statement; the book is locked."""
    return (await session.execute(delete(table).where(table.c.target_id.in_(ids)).returning(table))).all()


async def promotions(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Promotion]:
    """Let promotions name these goods no more; return those that did, at their next version. Two statements at most.

    One that named nothing else is disabled. The book is locked.
    """
    changed = (await session.scalars(_left_by, {"ids": list(ids)})).all()
    if not changed:
        return []
    named = select(Promotion).where(Promotion.id.in_(changed)).order_by(Promotion.number)
    return (await session.scalars(named, execution_options=FRESH)).all()
