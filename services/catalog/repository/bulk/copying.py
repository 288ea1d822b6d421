"""Rows that are new, written by COPY: nothing is looked for, compared or parsed on their way."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession


async def copied(session: AsyncSession, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows into a table, in the session's transaction, which must have sent a statement before.

    Values as asyncpg takes them, JSON as text. Raises what asyncpg does.
    """
    if rows:
        connection = await (await session.connection()).get_raw_connection()
        assert connection.driver_connection is not None
        await connection.driver_connection.copy_records_to_table(table, columns=columns, records=rows)
