"""The pictures of products as those who keep the catalogue see them."""

from services.catalog import settings
from services.catalog.domain.images import addresses
from services.catalog.models import Product, ProductImage
from services.catalog.repository import images
from shared.contracts.catalog.images import ProductImages, ProductImageView
from shared.messaging.work import UnitOfWork


async def product_images(product: Product, work: UnitOfWork) -> ProductImages:
    """Return a product's pictures in their order. One statement."""
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
