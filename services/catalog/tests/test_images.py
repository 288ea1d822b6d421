"""Where pictures are found, what they are called, and in which order they may be put."""

from uuid import UUID

import pytest

from services.catalog.domain.images import Addresses, addresses, alt_in, check_order, check_room, stored_as
from shared.contracts.catalog.images import MOST_IMAGES, ImageSize, TooManyImages
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed

KEY = "ab12" * 16
FRONT, BACK, SIDE = new_id(), new_id(), new_id()


def test_a_picture_is_found_below_this_api() -> None:
    assert addresses(KEY) == Addresses(
        f"/v1/images/{KEY}/large", f"/v1/images/{KEY}/medium", f"/v1/images/{KEY}/thumbnail"
    )


@pytest.mark.parametrize("base", ["https://cdn.example/shop", "https://cdn.example/shop/"])
def test_or_where_its_files_are_handed_out(base: str) -> None:
    found = addresses(KEY, base)

    assert found.large == f"https://cdn.example/shop/ab/{KEY}/large.webp"
    assert found.thumbnail.endswith("/" + stored_as(KEY, ImageSize.THUMBNAIL))


@pytest.mark.parametrize(
    ("alt", "locale", "said"),
    [
        ({"fr": "Chaise", "en": "Chair"}, "en", "Chair"),
        ({"fr": "Chaise"}, "en", "Chaise"),
        ({"en": "Chair", "de": "Stuhl"}, "fr", "Stuhl"),
        ({}, "fr", ""),
    ],
)
def test_what_a_picture_shows_is_said_in_the_language_asked_for_or_in_another(
    alt: dict[str, str], locale: str, said: str
) -> None:
    assert alt_in(alt, locale) == said


def test_there_is_room_for_twenty_pictures() -> None:
    check_room(MOST_IMAGES - 1)
    with pytest.raises(TooManyImages):
        check_room(MOST_IMAGES)


def faults(named: list[UUID], present: set[UUID]) -> list[tuple[str, str]]:
    try:
        check_order(named, present)
    except Malformed as refused:
        return [(error.pointer, error.code) for error in refused.errors]
    return []


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ([BACK, FRONT], []),
        ([FRONT], [("/image_ids", "NOT_ALL_NAMED")]),
        ([], [("/image_ids", "NOT_ALL_NAMED")]),
        ([BACK, FRONT, SIDE], [("/image_ids/2", "IMAGE_NOT_FOUND")]),
        ([BACK, FRONT, BACK], [("/image_ids/2", "NAMED_TWICE")]),
        (
            [SIDE, BACK, BACK],
            [("/image_ids/0", "IMAGE_NOT_FOUND"), ("/image_ids/2", "NAMED_TWICE"), ("/image_ids", "NOT_ALL_NAMED")],
        ),
    ],
)
def test_an_order_names_each_picture_once(named: list[UUID], found: list[tuple[str, str]]) -> None:
    assert faults(named, {FRONT, BACK}) == found
