"""Pictures that are not taken in, and what stays as it was."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.images import (
    add_product_image,
    remove_product_image,
)
from services.catalog.handlers.queries.images import get_product_images
from services.catalog.models import ProductImage
from services.catalog.tests.pictures import *  # noqa: F403
from services.catalog.tests.pictures import Add, Uploads, a_photo, left, stored
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.images import (
    MOST_BYTES,
    MOST_IMAGES,
    AddProductImage,
    GetProductImages,
    ImageInvalid,
    ImageNotFound,
    RemoveProductImage,
    TooManyImages,
)
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.uploads import UploadIncomplete, UploadNotFound
from shared.kernel.ids import new_id
from shared.kernel.problems import Unavailable
from shared.testing import staff
from shared.testing.fixtures import session_on


async def test_a_product_has_room_for_twenty(shop: Shop, add: Add, connection: AsyncConnection) -> None:
    product = await shop.sells("chair")
    async with session_on(connection) as session:
        for position in range(MOST_IMAGES):
            row = {"id": new_id(), "position": position, "key": f"{position:064x}", "width": 1, "height": 1}
            session.add(ProductImage(product_id=product.id, **row))
        await session.commit()

    with pytest.raises(TooManyImages):
        await add(product.id)
    assert await left(connection, "uploads") == 1


async def test_a_file_that_is_no_picture_changes_nothing(
    shop: Shop, uploads: Uploads, connection: AsyncConnection, folder: Path
) -> None:
    product = await shop.sells("chair")

    for upload_id in (await uploads(b"no picture"), await uploads(b"short", size=MOST_BYTES + 1)):
        with pytest.raises(ImageInvalid):
            await shop(add_product_image, AddProductImage(id=product.id, upload_id=upload_id), KEEPER)

    assert (stored(folder), await left(connection, "product_images")) == ([], 0)
    assert await left(connection, "uploads") == 2


async def test_an_upload_is_ones_own_whole_and_there(shop: Shop, uploads: Uploads) -> None:
    product = await shop.sells("chair")
    others = await uploads(a_photo(), owner=staff())
    half = await uploads(a_photo(), complete=False)

    for upload_id, problem in ((others, UploadNotFound), (half, UploadIncomplete), (new_id(), UploadNotFound)):
        with pytest.raises(problem):
            await shop(add_product_image, AddProductImage(id=product.id, upload_id=upload_id), KEEPER)


async def test_an_upload_that_another_used_meanwhile_is_used_once(shop: Shop, uploads: Uploads) -> None:
    chair, table = await shop.sells("chair"), await shop.sells("table")
    upload_id = await uploads(a_photo())
    asked = [AddProductImage(id=product.id, upload_id=upload_id) for product in (chair, table)]

    await shop(add_product_image, asked[0], KEEPER)
    with pytest.raises(UploadNotFound):
        await shop(add_product_image, asked[1], KEEPER)


async def test_pictures_of_others_and_of_nothing_are_not_found(shop: Shop, add: Add, uploads: Uploads) -> None:
    chair, table = await shop.sells("chair"), await shop.sells("table")
    image = (await add(chair.id)).images[0]
    of_another = RemoveProductImage(id=table.id, image_id=image.id, expected_version=1)

    with pytest.raises(ImageNotFound):
        await shop(remove_product_image, of_another, KEEPER)
    with pytest.raises(ProductNotFound):
        await add(new_id())
    with pytest.raises(ProductNotFound):
        await shop(get_product_images, GetProductImages(id=new_id()), KEEPER)


async def test_a_storage_that_does_not_answer_leaves_no_picture(
    shop: Shop, add: Add, folder: Path, connection: AsyncConnection
) -> None:
    product = await shop.sells("chair")
    await asyncio.to_thread(folder.write_text, "a file stands in its place")

    with pytest.raises(Unavailable):
        await add(product.id)

    assert (await left(connection, "product_images"), await left(connection, "uploads")) == (0, 1)
