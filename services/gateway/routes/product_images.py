"""/v1/products/{id}/images: the pictures of a product, for those who keep the catalogue."""

from starlette.responses import Response

from services.gateway.answers import created, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.images import (
    AddProductImage,
    ChangeProductImage,
    GetProductImages,
    ImageInvalid,
    ImageNotFound,
    OrderProductImages,
    RemoveProductImage,
    TooManyImages,
)
from shared.contracts.catalog.products import ProductNotFound
from shared.contracts.catalog.uploads import UploadIncomplete, UploadNotFound

router = resource("/products", "products")


@router.get("/{id}/images", responses=refusing(ProductNotFound))
async def get_product_images(query: Asked[GetProductImages], ask: Ask) -> Response:
    """Show a product's pictures."""
    return shown(await ask.forward(query))


@router.post(
    "/{id}/images",
    status_code=201,
    responses=refusing(ProductNotFound, UploadNotFound, UploadIncomplete, ImageInvalid, TooManyImages),
)
async def add_product_image(command: Sent[AddProductImage], ask: Ask) -> Response:
    """Add a picture to a product."""
    return created(await ask.forward(command), "/v1/products/{id}/images")


@router.put("/{id}/images", responses=refusing(ProductNotFound))
async def order_product_images(command: Sent[OrderProductImages], ask: Ask) -> Response:
    """Put a product's pictures in another order."""
    return shown(await ask.forward(command))


@router.patch("/{id}/images/{image_id}", responses=refusing(ProductNotFound, ImageNotFound))
async def change_product_image(command: Sent[ChangeProductImage], ask: Ask) -> Response:
    """Say otherwise what a picture shows."""
    return shown(await ask.forward(command))


@router.delete("/{id}/images/{image_id}", responses=refusing(ProductNotFound, ImageNotFound))
async def remove_product_image(command: Sent[RemoveProductImage], ask: Ask) -> Response:
    """Take a picture away from a product."""
    return shown(await ask.forward(command))
