"""What catalog does by itself about pictures."""

from collections.abc import Iterable

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import stored_as
from services.catalog.repository import images
from shared.contracts.catalog.images import ImageSize
from shared.messaging.handler import handler
from shared.messaging.work import Job, UnitOfWork, Work


class DropPicture(Job):
    """Deletes the files of a picture that no product shows any more."""

    key: str


@handler
async def drop_picture(job: DropPicture, work: Work) -> None:
    async with work.look() as session:
        shown = await images.shows(session, job.key)
    if not shown:
        await store(settings.current()).delete([stored_as(job.key, size) for size in ImageSize])


async def drop_pictures(work: UnitOfWork, keys: Iterable[str]) -> None:
    """Leave the files of pictures to be deleted, once it is certain that their rows are gone."""
    for key in keys:
        await work.schedule(DropPicture(key=key), key=key)
