"""Imports: one of a kind at a time, each locked while a step of it is done, and what they found."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.bulk.runs import ENDED
from services.catalog.models import ImportRun
from services.catalog.repository.tables import import_findings as table
from shared.contracts.catalog.bulk import (
    MOST_FINDINGS,
    FindingView,
    ImportKind,
    ImportNotFound,
    ImportState,
    ListFindings,
    ListImports,
    Outcome,
)
from shared.database.pages import cut, page

RUNNING = (ImportState.CHECKING, ImportState.APPLYING)
_forget = text("""
    WITH ended AS (
        SELECT id FROM import_runs WHERE finished_at < :before
            AND EXISTS (SELECT FROM import_findings WHERE import_id = import_runs.id) LIMIT 10
    ), gone AS (
        DELETE FROM import_findings WHERE import_id IN (SELECT id FROM ended) RETURNING import_id
    )
    SELECT count(*) FROM gone
""")
_turn = text("SELECT pg_advisory_xact_lock(hashtext('imports'), hashtext(:kind))")


async def by_id(session: AsyncSession, id_: UUID, *, lock: bool = False) -> ImportRun:
    """Return an import, locked until the transaction ends if so asked. Raises ImportNotFound."""
    statement = select(ImportRun).where(ImportRun.id == id_)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(statement)
    if found is None:
        raise ImportNotFound
    return found


async def take_turn(session: AsyncSession, kind: ImportKind) -> None:
    """Let nobody else begin or end an import of this kind until the transaction ends."""
    await session.execute(_turn, {"kind": str(kind)})


async def reads(session: AsyncSession, upload_id: UUID) -> bool:
    """Tell whether an import still needs an upload."""
    found = select(ImportRun.id).where(ImportRun.upload_id == upload_id, ImportRun.state.not_in(ENDED)).limit(1)
    return await session.scalar(found) is not None


async def runs(session: AsyncSession, kind: ImportKind) -> bool:
    """Tell whether an import of this kind is at work."""
    found = select(ImportRun.id).where(ImportRun.kind == kind, ImportRun.state.in_(RUNNING)).limit(1)
    return await session.scalar(found) is not None


async def next_waiting(session: AsyncSession, kind: ImportKind) -> UUID | None:
    """Return the import of this kind that has waited longest."""
    waiting = select(ImportRun.id).where(ImportRun.kind == kind, ImportRun.state == ImportState.WAITING)
    return await session.scalar(waiting.order_by(ImportRun.created_at, ImportRun.id).limit(1))


async def one_page(
    session: AsyncSession, query: ListImports, kinds: Collection[ImportKind]
) -> tuple[Sequence[ImportRun], str | None]:
    """Return a page of imports of these kinds, newest first."""
    statement = select(ImportRun).where(ImportRun.kind.in_(kinds))
    if query.kind is not None:
        statement = statement.where(ImportRun.kind == query.kind)
    return await page(session, statement, ImportRun, query.cursor, query.limit)


async def keep_findings(session: AsyncSession, id_: UUID, found: Sequence[FindingView], first: int = 1) -> None:
    """Keep what was found, as far as there is room: so many errors, so many differences. Positions begin at `first`."""
    if not found:
        return
    counted = select(table.c.error, func.count()).where(table.c.import_id == id_).group_by(table.c.error)
    room = dict.fromkeys((True, False), MOST_FINDINGS)
    for error, kept in await session.execute(counted):
        room[error] -= kept
    rows: list[dict[str, Any]] = []
    last, position = 0, first
    for finding in sorted(found, key=lambda one: one.row):
        last, position = finding.row, position + 1 if finding.row == last else first
        error = finding.outcome is Outcome.ERROR
        if room[error] > 0:
            room[error] -= 1
            kept_as = finding.model_dump(mode="json", exclude_none=True)
            rows.append(
                {"import_id": id_, "row": finding.row, "position": position, "error": error, "finding": kept_as}
            )
    if rows:
        await session.execute(insert(table), rows)


async def forget_findings(session: AsyncSession, before: datetime) -> int:
    """Delete what some imports found that ended before a moment; return how many findings those were. One statement."""
    return await session.scalar(_forget, {"before": before}) or 0


async def bad_rows(session: AsyncSession, id_: UUID, after: int, until: int) -> set[int]:
    """Return the rows after one and up to another that were found at fault before: those at position 0."""
    wanted = select(table.c.row).where(table.c.import_id == id_, table.c.position == 0)
    return set(await session.scalars(wanted.where(table.c.row > after, table.c.row <= until)))


async def findings(session: AsyncSession, query: ListFindings) -> tuple[list[FindingView], str | None]:
    """Return a page of what an import found, from the top of the file, and the cursor of the next. One statement."""
    place = tuple_(table.c.row, table.c.position)
    statement = select(table).where(table.c.import_id == query.id)
    if query.outcome is not None:
        statement = statement.where(table.c.finding["outcome"].astext == str(query.outcome))
    if query.cursor is not None:
        row, _, position = query.cursor.partition(".")
        statement = statement.where(place > (int(row), int(position)))
    ordered = statement.order_by(table.c.row, table.c.position).limit(query.limit + 1)
    found = (await session.execute(ordered)).all()
    shown, following = cut(found, query.limit, lambda one: f"{one.row}.{one.position}")
    return [FindingView.model_validate(one.finding) for one in shown], following
