"""Files that came in: kept part by part, read part by part, gone once they were used or a day old."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.domain.bulk.runs import ENDED
from services.catalog.models import ImportRun, Upload
from services.catalog.repository.tables import upload_parts
from shared.contracts.catalog.uploads import PART_BYTES, UploadIncomplete, UploadNotFound

_keep = insert(upload_parts).on_conflict_do_nothing()
_MOST_SWEPT = 100


async def own(session: AsyncSession, id_: UUID, owner: str, *, lock: bool = False) -> Upload:
    """Return an upload of this owner's. Raises UploadNotFound, for another's too."""
    statement = select(Upload).where(Upload.id == id_, Upload.owner == owner)
    found = await session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise UploadNotFound
    return found


async def whole(session: AsyncSession, id_: UUID, owner: str, *, lock: bool = False) -> Upload:
    """Return an upload of this owner's that has come whole. Raises UploadNotFound, UploadIncomplete."""
    upload = await own(session, id_, owner, lock=lock)
    if not upload.complete:
        raise UploadIncomplete
    return upload


async def add_part(session: AsyncSession, id_: UUID, position: int, data: bytes) -> None:
    """Keep a part; what stands at its position already stays."""
    await session.execute(_keep, {"upload_id": id_, "position": position, "data": data})


async def part(session: AsyncSession, id_: UUID, position: int) -> bytes | None:
    """Return one part, None behind the last."""
    wanted = select(upload_parts.c.data).where(upload_parts.c.upload_id == id_, upload_parts.c.position == position)
    return await session.scalar(wanted)


async def parts(session: AsyncSession, id_: UUID) -> AsyncIterator[bytes]:
    """Yield the parts of a file from the first on, one at a time. A statement for each."""
    position = 0
    while data := await part(session, id_, position):
        yield data
        position += 1


async def content(session: AsyncSession, id_: UUID) -> bytes:
    """Return all bytes of an upload at once, to be asked of small ones only. One statement."""
    every = select(upload_parts.c.data).where(upload_parts.c.upload_id == id_).order_by(upload_parts.c.position)
    return b"".join(await session.scalars(every))


async def measured(session: AsyncSession, id_: UUID) -> tuple[int, str]:
    """Return a file's size in bytes and its SHA-256; -1 where a part but the last is not full."""
    digest, size, full = hashlib.sha256(), 0, True
    async for data in parts(session, id_):
        if not full:
            return -1, ""
        digest.update(data)
        size, full = size + len(data), len(data) == PART_BYTES
    return size, digest.hexdigest()


async def rewrite(session: AsyncSession, id_: UUID, data: AsyncIterator[bytes]) -> None:
    """Put other parts in the place of a file's."""
    await session.execute(delete(upload_parts).where(upload_parts.c.upload_id == id_))
    position = 0
    async for one in data:
        await add_part(session, id_, position, one)
        position += 1


async def remove(session: AsyncSession, id_: UUID) -> bool:
    """Delete an upload with its parts, and tell whether it was still there."""
    return await session.scalar(delete(Upload).where(Upload.id == id_).returning(Upload.id)) is not None


async def use_up(session: AsyncSession, id_: UUID) -> None:
    """Delete an upload with its parts. Raises UploadNotFound where another used it meanwhile."""
    if not await remove(session, id_):
        raise UploadNotFound


async def sweep(session: AsyncSession, before: datetime) -> int:
    """Delete uploads made before a moment that no import still reads, some at a time; return how many."""
    reading = select(ImportRun.upload_id).where(ImportRun.state.not_in(ENDED))
    old = select(Upload.id).where(Upload.created_at < before, Upload.id.not_in(reading)).limit(_MOST_SWEPT)
    gone = await session.scalars(delete(Upload).where(Upload.id.in_(old)).returning(Upload.id))
    return len(gone.all())
