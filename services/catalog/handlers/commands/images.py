"""Changes of the pictures of products."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import check_order, check_room, stored_as
from services.catalog.domain.pictures import Picture, check_size, reencoded
from services.catalog.handlers.jobs.images import drop_pictures
from services.catalog.handlers.views.images import product_images
from services.catalog.models import Product, ProductImage
from services.catalog.repository import images, products, uploads
from shared.contracts.catalog.images import (
    AddProductImage,
    ChangeProductImage,
    OrderProductImages,
    ProductImages,
    RemoveProductImage,
)
from shared.contracts.catalog.products import ProductChanged, ProductNotFound
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

# A picture being shrunk may take half a gigabyte: one after the other, however many lanes there are.
one_at_a_time = asyncio.Semaphore(1)


@handler
async def add_product_image(command: AddProductImage, work: Work) -> ProductImages:
    id_, data = work.made_id(AddProductImage.subject), b""
    async with work.look() as looking:
        made = await looking.get(ProductImage, id_)
        if made is None:
            check_room(await images.count(looking, command.id))
            check_size((await uploads.whole(looking, command.upload_id, work.actor.key)).size)
            data = await uploads.content(looking, command.upload_id)
    if made is not None:
        work.check_repeat(made.request_digest)
        return await product_images(await work.session.get_one(Product, made.product_id), work)
    async with one_at_a_time:
        picture = await asyncio.to_thread(reencoded, id_, data)
    # Kept before anything speaks of it, and before the transaction begins, which waits for no storage.
    await store(settings.current()).put({stored_as(picture.key, size): file for size, file in picture.files.items()})
    product = await lock(work.session, Product, command.id, ProductNotFound())
    present = await images.of_product(work.session, product.id)
    check_room(len(present))
    work.session.add(_new_image(id_, command, work, picture, present))
    await uploads.use_up(work.session, command.upload_id)
    return await _changed(product, work)


@handler
async def change_product_image(command: ChangeProductImage, work: Work) -> ProductImages:
    product = await lock(work.session, Product, command.id, ProductNotFound(), command.expected_version)
    image = await images.one(work.session, product.id, command.image_id)
    image.alt = dict(command.alt)
    return await _changed(product, work)


@handler
async def order_product_images(command: OrderProductImages, work: Work) -> ProductImages:
    product = await lock(work.session, Product, command.id, ProductNotFound(), command.expected_version)
    present = {image.id for image in await images.of_product(work.session, product.id)}
    check_order(command.image_ids, present)
    await images.put_in_order(work.session, product.id, command.image_ids)
    return await _changed(product, work)


@handler
async def remove_product_image(command: RemoveProductImage, work: Work) -> ProductImages:
    product = await lock(work.session, Product, command.id, ProductNotFound(), command.expected_version)
    image = await images.one(work.session, product.id, command.image_id)
    await work.session.delete(image)
    await drop_pictures(work, [image.key])
    return await _changed(product, work)


def _new_image(
    id_: UUID, command: AddProductImage, work: UnitOfWork, picture: Picture, present: Sequence[ProductImage]
) -> ProductImage:
    """Return the row of a picture that stands behind those present."""
    return ProductImage(
        id=id_,
        product_id=command.id,
        position=present[-1].position + 1 if present else 0,
        key=picture.key,
        alt=dict(command.alt),
        width=picture.width,
        height=picture.height,
        request_digest=work.digest,
    )


async def _changed(product: Product, work: UnitOfWork) -> ProductImages:
    """Return a product's pictures as they now are, the change told."""
    await work.session.flush()
    work.emit(ProductChanged(product=await products.snapshot(work.session, product)))
    return await product_images(product, work)
