"""Pictures in tests: files as they are uploaded, and the folder they end in. Fixtures, for `from … import *`."""

from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.catalog import settings
from services.catalog.handlers.commands.images import add_product_image
from services.catalog.models import Upload, UploadPart
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import Actor
from shared.contracts.catalog.images import AddProductImage, ProductImages
from shared.kernel.ids import new_id
from shared.testing.fixtures import session_on

__all__ = ["add", "folder", "uploads"]
Uploads = Callable[..., Awaitable[UUID]]
Add = Callable[..., Awaitable[ProductImages]]
ALT = {"fr": "Chaise rouge", "en": "Red chair"}


def a_photo(colour: str = "red", width: int = 300, height: int = 200) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG")
    return file.getvalue()


async def upload(
    session: AsyncSession, data: bytes, owner: Actor = KEEPER, complete: bool = True, size: int | None = None
) -> UUID:
    """Leave a file in two parts, as uploads arrive."""
    made = Upload(id=new_id(), name="chair.jpg", owner=owner.key, size=size or len(data), complete=complete)
    session.add(made)
    await session.flush()
    middle = len(data) // 2
    for position, part in enumerate((data[:middle], data[middle:])):
        session.add(UploadPart(upload_id=made.id, position=position, data=part))
    return made.id


@pytest.fixture
def uploads(connection: AsyncConnection) -> Uploads:
    """Return what leaves a file as an upload."""

    async def come(data: bytes, **upload_: Any) -> UUID:
        async with session_on(connection) as session:
            made = await upload(session, data, **upload_)
            await session.commit()
        return made

    return come


@pytest.fixture
def add(shop: Shop, uploads: Uploads) -> Add:
    async def added(product_id: UUID, data: bytes | None = None, **asked: Any) -> ProductImages:
        command = AddProductImage(id=product_id, upload_id=await uploads(data or a_photo()), **asked)
        found: ProductImages = await shop(add_product_image, command, KEEPER)
        return found

    return added


@pytest.fixture
def folder(tmp_path: Path, images_folder: Path) -> Iterator[Path]:
    """Yield an empty folder in which pictures are kept for one test."""
    own = settings.current().model_copy(update={"images_folder": tmp_path / "images"})
    before = settings.current()
    settings.use(own)
    yield own.images_folder
    settings.use(before)


def stored(folder: Path) -> list[str]:
    """Return the names of the files that are kept."""
    return sorted(path.name for path in folder.rglob("*.webp"))


async def left(connection: AsyncConnection, table: str) -> int:
    """Return how many rows a table has."""
    found: int = (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
    return found
