"""What catalog does by itself about pictures."""

from collections.abc import Iterable

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import SETTLED_AFTER, keys_in, lost, part_at, stored_as
from services.catalog.repository import images
from shared.contracts.catalog.images import ImageSize
from shared.messaging.handler import handler
from shared.messaging.work import Job, UnitOfWork, Work

AT_ONCE = 100


class DropPicture(Job):
    """Deletes the files of a picture that no product shows any more."""

    key: str


class SweepPictures(Job, every=300):
    """Deletes files that no product came to show, those of one folder after the other: within a day, all of them."""


@handler
async def drop_picture(job: DropPicture, work: Work) -> None:
    async with work.look() as session:
        shown = await images.shows(session, job.key)
    if not shown:
        await store(settings.current()).delete([stored_as(job.key, size) for size in ImageSize])


@handler
async def sweep_pictures(job: SweepPictures, work: Work) -> None:
    if not settings.current().images_swept:
        return
    kept = store(settings.current())
    names = await kept.held(part_at(work.as_of), work.as_of - SETTLED_AFTER)
    async with work.look() as session:
        # A database without any picture says nothing of what is kept: it may be about to be filled from a backup.
        if not await images.any_shown(session):
            return
        shown = await images.shown(session, keys_in(names))
    gone = lost(names, shown)
    for first in range(0, len(gone), AT_ONCE):
        await kept.delete(gone[first : first + AT_ONCE])


async def drop_pictures(work: UnitOfWork, keys: Iterable[str]) -> None:
    """Leave the files of pictures to be deleted, once it is certain that their rows are gone."""
    for key in keys:
        await work.schedule(DropPicture(key=key), key=key)
