"""Lists by the page: newest first by (created_at, id), with an opaque cursor."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.kernel.cursors import opened, sealed
from shared.kernel.problems import FieldError, Malformed


class Listed(Protocol):
    """A row that can be listed."""

    id: UUID
    created_at: datetime


Row = TypeVar("Row", bound=Listed)
One = TypeVar("One")

PAGE_BYTES = 700_000
"""Where what stands on a page grows beyond so many bytes of JSON, the page ends early: a message is at most 1 MB."""


def cursor_of(row: Any) -> str:
    """Return the cursor of the page after this row."""
    return sealed(f"{row.created_at.isoformat()}|{row.id}")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Return where a cursor points. Raises Malformed for one that no list has given out."""
    try:
        moment, _, id_ = opened(cursor).partition("|")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError(moment)
        return at.astimezone(UTC), UUID(id_)
    except (ValueError, OverflowError) as error:
        fault = FieldError("/cursor", "CURSOR_INVALID", "Use the cursor of a Link header, or none for the first page.")
        raise Malformed("The cursor is not one of this list.", errors=[fault]) from error


def after(
    statement: Select[Any],
    created_at: InstrumentedAttribute[datetime],
    id_: InstrumentedAttribute[UUID],
    cursor: str | None,
    limit: int,
) -> Select[Any]:
    """Return the statement for one page, newest first, with one row more than `limit` to tell whether more follow."""
    if cursor is not None:
        statement = statement.where(tuple_(created_at, id_) < read_cursor(cursor))
    return statement.order_by(created_at.desc(), id_.desc()).limit(limit + 1)


def cut(rows: Sequence[One], limit: int, cursor: Callable[[One], str]) -> tuple[Sequence[One], str | None]:
    """Return the rows of a page, of which one more than `limit` was asked for, and the cursor of the next, or None."""
    return rows[:limit], cursor(rows[limit - 1]) if len(rows) > limit else None


def fitting(sizes: Iterable[int], most: int = PAGE_BYTES) -> int:
    """Return how many of the first things of these sizes take no more than `most` together; the first always fits."""
    taken = count = 0
    for size in sizes:
        taken += size
        if taken > most and count:
            break
        count += 1
    return count


async def page(
    session: AsyncSession, statement: Select[Row], model: type[Row], cursor: str | None, limit: int
) -> tuple[Sequence[Row], str | None]:
    """Return one page of rows and the cursor of the next, or None after the last. One SQL statement."""
    created_at: Any = model.created_at
    id_: Any = model.id
    return cut((await session.scalars(after(statement, created_at, id_, cursor, limit))).all(), limit, cursor_of)
