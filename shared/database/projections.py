"""Projections: what another service told of its rows, kept here. A version never goes back."""

from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.columns import Table


async def keep(session: AsyncSession, projection: type[Table], told: object) -> None:
    """Keep what was told; older news, and the same again, changes nothing. One statement.

    `projection` has an `id` and a `version`; `told` has an attribute for each of its columns.
    """
    values = {column.key: getattr(told, column.key) for column in projection.__table__.columns}
    await session.execute(_statement(projection), values)


@cache
def _statement(projection: type[Table]) -> Any:
    table: Any = projection.__table__
    new = insert(table)
    changed = {column.key: new.excluded[column.key] for column in table.columns if column.key != "id"}
    newer = table.c.version < new.excluded.version
    return new.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer)
