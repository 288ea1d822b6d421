"""The pictures of products, as those who keep the catalogue and those who look at them ask for them."""

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import addresses, stored_as
from services.catalog.models import Product, ProductImage
from services.catalog.repository import images
from shared.contracts.catalog.images import (
    GetImage,
    GetProductImages,
    ImageFile,
    ImageNotFound,
    ProductImages,
    ProductImageView,
)
from shared.contracts.catalog.products import ProductNotFound
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def get_product_images(query: GetProductImages, work: Work) -> ProductImages:
    product = await work.session.get(Product, query.id)
    if product is None:
        raise ProductNotFound
    return await pictures_of(product, work)


@handler
async def get_image(query: GetImage, work: Work) -> ImageFile:
    # Without a look at the database: who knows a key was shown it, and the key tells what is in the file.
    data = await store(settings.current()).get(stored_as(query.key, query.size))
    if data is None:
        raise ImageNotFound
    return ImageFile(data=data)


async def pictures_of(product: Product, work: UnitOfWork) -> ProductImages:
    """Return a product's pictures as those who keep the catalogue see them."""
    base = settings.current().images_public_url
    present = await images.of_product(work.session, product.id)
    return ProductImages(id=product.id, images=[_shown(image, base) for image in present], version=product.version)


def _shown(image: ProductImage, base: str) -> ProductImageView:
    found = addresses(image.key, base)
    return ProductImageView(
        id=image.id,
        alt=image.alt,
        url=found.large,
        medium=found.medium,
        thumbnail=found.thumbnail,
        width=image.width,
        height=image.height,
    )
