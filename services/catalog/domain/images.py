"""Where a picture is found, what it is called, and in which order a product's pictures stand. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.catalog.images import MOST_IMAGES, ImageNotFound, ImageSize, TooManyImages
from shared.kernel.problems import FieldError, Malformed

HERE = "/v1/images"
STORED = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})/[^/]+")
PARTS, DAY = 256, 86_400
FEW = 3
SETTLED_AFTER = timedelta(days=2)
"""A file this old that no product shows never will be shown: the upload it was made of is gone after a day, so that no
repeat of the request can come to need it."""


class StrangeFiles(RuntimeError):
    """What is kept are not the pictures of this catalogue; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each size of a picture is found."""

    large: str
    medium: str
    thumbnail: str


def stored_as(key: str, size: ImageSize) -> str:
    """Return the name of the file with one size of a picture, in a folder as in a bucket: "ab/ab12…/large.webp"."""
    return f"{key[:2]}/{key}/{size}.webp"


def part_at(moment: datetime) -> str:
    """Return the folder whose turn it is to be swept, "00" to "ff": each has its 337 seconds of every day."""
    return f"{int(moment.timestamp()) % DAY * PARTS // DAY:02x}"


def keys_in(names: Iterable[str]) -> set[str]:
    """Return the keys of the pictures whose files have these names; what has another kind of name is no picture's."""
    return {found[2] for name in names if (found := STORED.fullmatch(name))}


def lost(names: Collection[str], shown: Collection[str]) -> list[str]:
    """Return the names of files that belong to no picture shown: what a crash left whole, and what it left unfinished.

    `shown`: the keys of those pictures. Raises StrangeFiles where most of what is kept is not among them: then rather
    the database is the wrong one, or the pictures are another house's.
    """
    keys = keys_in(names)
    unknown = keys.difference(shown)
    if len(unknown) > max(FEW, len(keys) - len(unknown)):
        raise StrangeFiles(
            f"Of {len(keys)} pictures kept in a folder, {len(unknown)} are of no product. Nothing is deleted: see that "
            "no other house keeps its pictures there, and that the database is the right one."
        )
    belonging = {stored_as(key, size) for key in shown for size in ImageSize}
    return sorted(name for name in names if STORED.fullmatch(name) and name not in belonging)


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
