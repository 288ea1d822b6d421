"""The uploads that pictures are taken from."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.models import Upload, UploadChunk
from services.catalog.repository import uploads
from shared.contracts.catalog.uploads import UploadIncomplete, UploadNotFound


async def size(session: AsyncSession, upload_id: UUID, owner: str) -> int:
    """Return how many bytes an upload of this owner's has. Raises UploadNotFound, UploadIncomplete."""
    upload = await uploads.own(session, upload_id, owner)
    if not upload.complete:
        raise UploadIncomplete
    return upload.size


async def content(session: AsyncSession, upload_id: UUID) -> bytes:
    """Return all bytes of an upload, to be asked of small ones only."""
    parts = select(UploadChunk.data).where(UploadChunk.upload_id == upload_id).order_by(UploadChunk.position)
    return b"".join(await session.scalars(parts))


async def used_up(session: AsyncSession, upload_id: UUID) -> None:
    """Delete an upload with its parts. Raises UploadNotFound where another used it meanwhile."""
    gone = await session.scalar(delete(Upload).where(Upload.id == upload_id).returning(Upload.id))
    if gone is None:
        raise UploadNotFound
