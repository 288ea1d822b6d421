"""Single rows: found, or locked and their version raised, so that events and ETags always tell the new one."""

from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kernel.problems import PreconditionFailed, Problem


class Versioned(Protocol):
    """A row with an id and a version, 1 when new."""

    id: UUID
    version: int


Row = TypeVar("Row", bound=Versioned)


async def find(session: AsyncSession, model: type[Row], id_: UUID, missing: Problem) -> Row:
    """Return a row to be read. Raises `missing` when there is none."""
    row = await session.get(model, id_)
    if row is None:
        raise missing
    return row


async def lock(
    session: AsyncSession, model: type[Row], id_: UUID, missing: Problem, expected_version: int | None = None
) -> Row:
    """Return a row to be changed: locked until the transaction ends, its version already raised.

    Raises `missing` when there is none, PreconditionFailed when it is no longer at `expected_version`.
    """
    key: Any = model.id
    row = await session.scalar(select(model).where(key == id_).with_for_update(of=model))
    if row is None:
        raise missing
    raise_version(row, expected_version)
    return row


def raise_version(row: Versioned, expected_version: int | None = None) -> None:
    """Raise a locked row's version. Raises PreconditionFailed when it is not at `expected_version` any more."""
    if expected_version is not None and row.version != expected_version:
        raise PreconditionFailed(version=row.version)
    row.version += 1
