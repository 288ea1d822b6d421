"""Lists by the page: newest first by (created_at, id), with an opaque cursor."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.kernel.problems import FieldError, Malformed


class Listed(Protocol):
    """A row that can be listed."""

    id: UUID
    created_at: datetime


Row = TypeVar("Row", bound=Listed)


def cursor_of(row: Any) -> str:
    """Return the cursor of the page after this row."""
    return base64.urlsafe_b64encode(f"{row.created_at.isoformat()}|{row.id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Return where a cursor points. Raises Malformed for one that no list has given out."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, id_ = text.partition("|")
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(id_)
    except (ValueError, OverflowError, binascii.Error) as error:
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


async def page(
    session: AsyncSession, statement: Select[Row], model: type[Row], cursor: str | None, limit: int
) -> tuple[Sequence[Row], str | None]:
    """Return one page of rows and the cursor of the next, or None after the last. One SQL statement."""
    created_at: Any = model.created_at
    id_: Any = model.id
    rows = (await session.scalars(after(statement, created_at, id_, cursor, limit))).all()
    return rows[:limit], cursor_of(rows[limit - 1]) if len(rows) > limit else None
