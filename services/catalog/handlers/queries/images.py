"""The pictures of products, as those who keep the catalogue and those who look at them ask for them."""

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import stored_as
from services.catalog.handlers.views.images import product_images
from services.catalog.repository import catalogue
from shared.contracts.catalog.images import (
    GetImage,
    GetProductImages,
    ImageFile,
    ImageNotFound,
    ProductImages,
)
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_product_images(query: GetProductImages, work: Work) -> ProductImages:
    return await product_images(await catalogue.by_id(work.session, query.id), work)


@handler
async def get_image(query: GetImage, work: Work) -> ImageFile:
    # Without a look at the database: who knows a key was shown it, and the key tells what is in the file.
    data = await store(settings.current()).get(stored_as(query.key, query.size))
    if data is None:
        raise ImageNotFound
    return ImageFile(data=data)
