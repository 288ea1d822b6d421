"""The pictures of products, from the upload to the page and out of the shop again."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.catalog import settings
from services.catalog.handlers.commands.images import (
    add_product_image,
    change_product_image,
    order_product_images,
    remove_product_image,
)
from services.catalog.handlers.commands.products import delete_product
from services.catalog.handlers.jobs.images import DropPicture, drop_picture
from services.catalog.handlers.queries.images import get_image, get_product_images
from services.catalog.handlers.queries.storefront import get_product
from services.catalog.tests.pictures import *  # noqa: F403
from services.catalog.tests.pictures import ALT, Add, Uploads, a_photo, left, stored, upload
from services.catalog.tests.samples import KEEPER, CommittedShop, Shop
from shared.contracts.actor import VISITOR
from shared.contracts.catalog.images import (
    AddProductImage,
    ChangeProductImage,
    GetImage,
    GetProductImages,
    ImageNotFound,
    ImageSize,
    OrderProductImages,
    RemoveProductImage,
)
from shared.contracts.catalog.products import DeleteProduct, ProductChanged
from shared.contracts.catalog.storefront import GetProduct
from shared.kernel.problems import IdempotencyMismatch, Malformed, PreconditionFailed


async def test_a_picture_is_taken_from_an_upload_and_shown(
    shop: Shop, add: Add, connection: AsyncConnection, folder: Path
) -> None:
    product = await shop.sells("chair")

    added = await add(product.id, alt=ALT)

    (image,) = added.images
    assert (added.id, added.version, image.alt) == (product.id, product.version + 1, ALT)
    assert (image.width, image.height) == (300, 200)
    assert image.url.startswith("/v1/images/")
    assert stored(folder) == ["large.webp", "medium.webp", "thumbnail.webp"]
    for size, address in ((ImageSize.LARGE, image.url), (ImageSize.THUMBNAIL, image.thumbnail)):
        found = await shop(get_image, GetImage(key=address.split("/")[3], size=size), VISITOR)
        shown = Image.open(BytesIO(found.data))
        assert (shown.format, shown.width) == ("WEBP", min(300, 1600 if size is ImageSize.LARGE else 200))
    told = shop.emitted[-1]
    assert isinstance(told, ProductChanged)
    assert (told.product.id, told.product.version) == (product.id, added.version)
    assert (await left(connection, "uploads"), await left(connection, "upload_parts")) == (0, 0)
    assert await shop(get_product_images, GetProductImages(id=product.id), KEEPER) == added


async def test_the_same_request_adds_one_picture(shop: Shop, uploads: Uploads) -> None:
    product = await shop.sells("chair")
    command = AddProductImage(id=product.id, upload_id=await uploads(a_photo()))
    first = await shop(add_product_image, command, KEEPER, request_key="k1", digest=b"1")

    again = await shop(add_product_image, command, KEEPER, request_key="k1", digest=b"1")

    assert again == first
    with pytest.raises(IdempotencyMismatch):
        await shop(add_product_image, command, KEEPER, request_key="k1", digest=b"2")


async def test_two_products_may_show_the_same_photograph_and_share_no_file(shop: Shop, add: Add) -> None:
    chair, table = await shop.sells("chair"), await shop.sells("table")

    assert (await add(chair.id)).images[0].url != (await add(table.id)).images[0].url


async def test_pictures_stand_in_the_order_asked_for_and_new_ones_behind(shop: Shop, add: Add) -> None:
    product = await shop.sells("chair")
    red, blue = (await add(product.id), await add(product.id, a_photo("blue")))[1].images
    order = OrderProductImages(id=product.id, expected_version=3, image_ids=[blue.id, red.id])

    ordered = await shop(order_product_images, order, KEEPER)
    removed = RemoveProductImage(id=product.id, image_id=blue.id, expected_version=ordered.version)
    await shop(remove_product_image, removed, KEEPER)
    green = await add(product.id, a_photo("green"))

    assert [image.id for image in ordered.images] == [blue.id, red.id]
    assert green.images[0].id == red.id
    assert (len(green.images), green.version) == (2, 6)
    with pytest.raises(Malformed):
        await shop(order_product_images, order.model_copy(update={"expected_version": 6}), KEEPER)


async def test_what_a_picture_shows_is_said_otherwise(shop: Shop, add: Add) -> None:
    product = await shop.sells("chair")
    image = (await add(product.id, alt=ALT)).images[0]
    change = ChangeProductImage(id=product.id, image_id=image.id, expected_version=2, alt={"en": "A chair"})

    changed = await shop(change_product_image, change, KEEPER)

    assert (changed.images[0].alt, changed.version) == ({"en": "A chair"}, 3)
    assert isinstance(shop.emitted[-1], ProductChanged)
    with pytest.raises(PreconditionFailed):
        await shop(change_product_image, change, KEEPER)


async def test_the_files_of_a_removed_picture_go_once_no_row_shows_it(
    shop: Shop, add: Add, folder: Path, connection: AsyncConnection
) -> None:
    product = await shop.sells("chair")
    image = (await add(product.id)).images[0]
    job = DropPicture(key=image.url.split("/")[3])

    await shop(drop_picture, job)
    assert len(stored(folder)) == 3
    command = RemoveProductImage(id=product.id, image_id=image.id, expected_version=2)
    work = shop.work_as(KEEPER)
    assert (await remove_product_image(command, work)).images == []
    assert work.scheduled == [job]
    await work.session.commit()
    await work.session.close()
    await shop(drop_picture, job)
    await shop(drop_picture, job)

    assert stored(folder) == []
    with pytest.raises(ImageNotFound):
        await shop(get_image, GetImage(key=job.key, size=ImageSize.LARGE), VISITOR)


async def test_the_pictures_of_a_deleted_product_go_with_it(shop: Shop, add: Add, connection: AsyncConnection) -> None:
    product = await shop.sells("chair")
    image = (await add(product.id)).images[0]
    work = shop.work_as(KEEPER)

    await delete_product(DeleteProduct(id=product.id, expected_version=2), work)

    assert work.scheduled == [DropPicture(key=image.url.split("/")[3])]
    await work.session.commit()
    await work.session.close()
    assert await left(connection, "product_images") == 0


async def test_pictures_added_at_once_all_find_their_place(open_shop: CommittedShop) -> None:
    product = await open_shop.sells("chair")
    async with AsyncSession(open_shop.engine) as session:
        uploaded = [await upload(session, a_photo(colour)) for colour in ("red", "green", "blue")]
        await session.commit()
    asked = [AddProductImage(id=product.id, upload_id=upload_id) for upload_id in uploaded]

    await asyncio.gather(*(open_shop(add_product_image, command, KEEPER) for command in asked))

    found = await open_shop(get_product_images, GetProductImages(id=product.id), KEEPER)
    assert (len({image.url for image in found.images}), found.version) == (3, 4)


async def test_a_product_is_shown_with_its_pictures_in_the_callers_language(shop: Shop, add: Add) -> None:
    product = await shop.sells("chair")
    red, blue = (await add(product.id, alt=ALT), await add(product.id, a_photo("blue")))[1].images

    shown = await shop(get_product, GetProduct(id=product.id, locale="en"), VISITOR)

    assert [(image.id, image.url, image.alt) for image in shown.images] == [
        (red.id, red.url, "Red chair"),
        (blue.id, blue.url, ""),
    ]


async def test_pictures_are_named_where_the_web_reads_them(shop: Shop, add: Add, folder: Path) -> None:
    settings.use(settings.current().model_copy(update={"images_public_url": "https://cdn.example"}))
    product = await shop.sells("chair")

    kept = (await add(product.id)).images[0]
    shown = (await shop(get_product, GetProduct(id=product.id), VISITOR)).images[0]

    assert shown.url == kept.url
    assert kept.url.startswith("https://cdn.example/")
    assert (folder / kept.url.removeprefix("https://cdn.example/")).exists()
