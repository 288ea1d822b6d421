"""Pictures of products: taken in from an upload, re-encoded, put in order, and handed out by their key."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Query
from shared.contracts.values import Locale, Text
from shared.kernel.problems import Conflict, Malformed, NotFound

MOST_IMAGES = 20
"""Pictures that one product may have."""
MOST_BYTES = 10 * 1024 * 1024
"""Bytes that a file with a picture may have."""
MOST_PIXELS = 40_000_000
"""Pixels that a picture may have, its width by its height."""

ImageKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Alt = Annotated[dict[Locale, Text], Field(max_length=2)]


class ImageSize(StrEnum):
    """How large a picture is handed out: 1600, 600 or 200 pixels at most in either direction, never enlarged."""

    LARGE = "large"
    MEDIUM = "medium"
    THUMBNAIL = "thumbnail"


class ProductImageView(Contract):
    """A picture of a product as those who keep the catalogue see it. Width and height of its large size, in pixels.

    `alt` says by locale what it shows; `url`, `medium` and `thumbnail` are addresses below this API's own, or whole
    ones where pictures are handed out elsewhere.
    """

    id: UUID
    alt: dict[Locale, Text]
    url: str
    medium: str
    thumbnail: str
    width: int
    height: int


class ProductImages(Contract):
    """A product's pictures in their order; `id` and `version` are the product's."""

    id: UUID
    images: list[ProductImageView]
    version: int


class ImageFile(Contract):
    """A picture as it is shown: the bytes of a WebP file, in JSON as base64url."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    data: bytes


class ImageNotFound(NotFound):
    """There is no such picture; GET /v1/products/{id}/images lists those of a product."""


class ImageInvalid(Malformed):
    """The file is no picture that can be shown; send a JPEG, PNG, WebP or GIF of at most 10 MB and 40 megapixels."""


class TooManyImages(Conflict):
    """The product has as many pictures as one may have; remove one first."""


class AddProductImage(Command[ProductImages], subject="catalog.add_product_image.v1", allow={Permission.CATALOG_WRITE}):
    """Takes a picture from an upload of the caller's and puts it behind the product's others.

    What is kept is not the file that came, but the picture in it: re-encoded as WebP in three sizes, without the place
    and the time it was taken. Of a moving picture the first frame is kept. The upload is used up.
    """

    timeout: ClassVar[float] = 30.0

    id: UUID
    upload_id: UUID
    alt: Alt = Field(default_factory=dict)


class ChangeProductImage(
    Command[ProductImages],
    subject="catalog.change_product_image.v1",
    allow={Permission.CATALOG_WRITE},
    keyed=False,
):
    """Says otherwise what a picture shows."""

    id: UUID
    image_id: UUID
    expected_version: int
    alt: Alt


class OrderProductImages(
    Command[ProductImages],
    subject="catalog.order_product_images.v1",
    allow={Permission.CATALOG_WRITE},
    keyed=False,
):
    """Puts a product's pictures in another order: all of them, the first one first."""

    id: UUID
    expected_version: int
    image_ids: list[UUID] = Field(max_length=MOST_IMAGES)


class RemoveProductImage(
    Command[ProductImages],
    subject="catalog.remove_product_image.v1",
    allow={Permission.CATALOG_WRITE},
    keyed=False,
):
    """Takes a picture away from a product; its files are deleted soon after."""

    id: UUID
    image_id: UUID
    expected_version: int


class GetProductImages(Query[ProductImages], subject="catalog.get_product_images.v1", allow={Permission.CATALOG_READ}):
    """Returns a product's pictures in their order."""

    id: UUID


class GetImage(Query[ImageFile], subject="catalog.get_image.v1", allow={Permission.PUBLIC}):
    """Returns a picture in one of its sizes, to everyone who knows its key.

    A key cannot be guessed, and it is told only to those who may see the product. Whoever was told it once can show
    the picture to anybody, as they could a copy of it.
    """

    key: ImageKey
    size: ImageSize
