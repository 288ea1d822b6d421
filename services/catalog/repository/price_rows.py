"""The rows of price lists: set many at once, deleted, listed."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import PriceRow
from services.catalog.repository.tables import price_rows
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.price_rows import ListPriceRows, NewPriceRow
from shared.database.pages import cut
from shared.kernel.ids import new_id

SET = ("scope", "max_qty", "kind", "value", "reference")
_new = insert(price_rows)
_put: Any = _new.on_conflict_do_update(
    index_elements=["target_id", "list_id", "min_qty"],
    set_={name: _new.excluded[name] for name in SET} | {"version": price_rows.c.version + 1},
)


class Counts(NamedTuple):
    """How many rows were set for the first time, set otherwise, and found as they were to be."""

    created: int
    changed: int
    unchanged: int


async def put(session: AsyncSession, list_id: UUID, rows: Sequence[tuple[UUID, NewPriceRow]]) -> Counts:
    """Set rows of a locked list, each with the id of its target. Two statements, however many rows."""
    of_targets = price_rows.c.target_id.in_({id_ for id_, _ in rows})
    found = await session.execute(select(price_rows).where(price_rows.c.list_id == list_id, of_targets))
    kept = {(row.target_id, row.min_qty): tuple(getattr(row, name) for name in SET) for row in found}
    wanted = {(id_, row.min_qty): row for id_, row in rows}
    news = {key: row for key, row in wanted.items() if kept.get(key) != tuple(getattr(row, name) for name in SET)}
    if news:
        await session.execute(_put, [_values(list_id, id_, row) for (id_, _), row in news.items()])
    created = len(wanted.keys() - kept.keys())
    return Counts(created, len(news) - created, len(wanted) - len(news))


def _values(list_id: UUID, id_: UUID, row: NewPriceRow) -> dict[str, Any]:
    return {"id": new_id(), "list_id": list_id, "target_id": id_, **row.model_dump(exclude={"target"})}


async def remove(session: AsyncSession, list_id: UUID, ids: Sequence[UUID]) -> list[tuple[Scope, UUID]]:
    """Delete rows of a locked list; return what each that was there was about. One statement."""
    gone = (
        delete(price_rows)
        .where(price_rows.c.list_id == list_id, price_rows.c.id.in_(ids))
        .returning(price_rows.c.scope, price_rows.c.target_id)
    )
    return [(row.scope, row.target_id) for row in await session.execute(gone)]


async def about(session: AsyncSession, list_id: UUID) -> list[tuple[Scope, UUID]]:
    """Return what the rows of a list are about. One statement."""
    every = select(price_rows.c.scope, price_rows.c.target_id).where(price_rows.c.list_id == list_id).distinct()
    return [(row.scope, row.target_id) for row in await session.execute(every)]


async def one_page(session: AsyncSession, query: ListPriceRows) -> tuple[Sequence[PriceRow], str | None]:
    """Return a page of a list's rows, newest first, and the cursor of the next, or None after the last."""
    statement = select(PriceRow).where(PriceRow.list_id == query.id)
    if query.scope is not None:
        statement = statement.where(PriceRow.scope == query.scope)
    if query.target_id is not None:
        statement = statement.where(PriceRow.target_id == query.target_id)
    if query.cursor is not None:
        statement = statement.where(PriceRow.number < int(query.cursor))
    rows = (await session.scalars(statement.order_by(PriceRow.number.desc()).limit(query.limit + 1))).all()
    return cut(rows, query.limit, lambda row: str(row.number))
