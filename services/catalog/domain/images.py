"""Where a picture is found, what it is called, and in which order a product's pictures stand. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.catalog.images import MOST_IMAGES, ImageNotFound, ImageSize, TooManyImages
from shared.kernel.problems import FieldError, Malformed

HERE = "/v1/images"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each size of a picture is found."""

    large: str
    medium: str
    thumbnail: str


def stored_as(key: str, size: ImageSize) -> str:
    """Return the name of the file with one size of a picture, in a folder as in a bucket: "ab/ab12…/large.webp"."""
    return f"{key[:2]}/{key}/{size}.webp"


def addresses(key: str, base: str = "") -> Addresses:
    """Return where a picture's sizes are found: below this API, or below `base`, where its files are handed out."""
    if base:
        found = (f"{base.rstrip('/')}/{stored_as(key, size)}" for size in ImageSize)
    else:
        found = (f"{HERE}/{key}/{size}" for size in ImageSize)
    return Addresses(*found)


def alt_in(alt: Mapping[str, str], locale: str) -> str:
    """Return what a picture shows, in this language where it is said in it, else in another; empty where nowhere."""
    return alt.get(locale) or next((alt[other] for other in sorted(alt)), "")


def check_room(images: int) -> None:
    """Refuse one picture more than a product may have. Raises TooManyImages."""
    if images >= MOST_IMAGES:
        raise TooManyImages(f"A product has at most {MOST_IMAGES} pictures; remove one first.", limit=MOST_IMAGES)


def check_order(named: Sequence[UUID], present: Collection[UUID]) -> None:
    """Refuse an order that does not name each picture of a product once. Raises Malformed naming what is wrong."""
    pointer = "/image_ids"
    errors = [
        FieldError(f"{pointer}/{index}", ImageNotFound.code, "The product has no such picture.")
        for index, image_id in enumerate(named)
        if image_id not in present
    ]
    errors += [
        FieldError(f"{pointer}/{index}", "NAMED_TWICE", "It stands earlier in the list already; name it once.")
        for index, image_id in enumerate(named)
        if image_id in named[:index]
    ]
    if missing := len(set(present) - set(named)):
        errors.append(FieldError(pointer, "NOT_ALL_NAMED", f"Name all pictures of the product; {missing} are missing."))
    if errors:
        raise Malformed(errors=errors)
