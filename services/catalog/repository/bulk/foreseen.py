"""What rows of a file that is being checked would change, kept for those that follow."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.bulk.foreseen import Said
from services.catalog.models import ImportRun
from services.catalog.repository.tables import import_foreseen as table
from shared.contracts.catalog.bulk import ImportState

_added = insert(table)
_put = _added.on_conflict_do_update(index_elements=["import_id", "about"], set_={"said": _added.excluded.said})


async def before(session: AsyncSession, run: ImportRun, about: Collection[UUID] | None) -> Said:
    """Return what the rows before would change of these things, of all where None; nothing once rows are applied."""
    if run.state is not ImportState.CHECKING or not run.done_rows:
        return {}
    wanted = select(table.c.about, table.c.said).where(table.c.import_id == run.id)
    if about is not None:
        wanted = wanted.where(table.c.about == any_(bindparam("about", list(about), ARRAY(Uuid()))))
    return {row.about: row.said for row in await session.execute(wanted)}


async def keep(session: AsyncSession, run: ImportRun, rows: int, said: Said) -> None:
    """Keep what so many rows would change, if others follow them and are not to find it written."""
    follow = run.total_rows is not None and run.done_rows + rows < run.total_rows
    if said and follow and run.state is ImportState.CHECKING:
        await session.execute(_put, [{"import_id": run.id, "about": id_, "said": one} for id_, one in said.items()])


async def forget(session: AsyncSession, run: ImportRun) -> None:
    """Keep nothing any more of what an import would have changed."""
    await session.execute(delete(table).where(table.c.import_id == run.id))
