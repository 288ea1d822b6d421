"""Pictures over HTTP: handed out as they are, kept for ever, and shown by any page."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.examples import people
from services.gateway.examples.images import KEY
from shared.contracts.catalog.images import (
    AddProductImage,
    GetImage,
    ImageFile,
    ImageInvalid,
    ImageNotFound,
    ImageSize,
    OrderProductImages,
    RemoveProductImage,
)
from shared.kernel.problems import FieldError

PICTURE = f"/v1/images/{KEY}/large"
DATA = b"RIFF\x00\xff not looked into \n\r\n"
IMAGES = f"/v1/products/{people.PRODUCT}/images"


@pytest.fixture(autouse=True)
def shown(owners: Any) -> None:
    owners.answers["GetImage"] = ImageFile(data=DATA)


async def test_a_picture_is_its_bytes_and_may_be_kept_for_ever(http: httpx.AsyncClient, owners: Any) -> None:
    answer = await http.get(PICTURE)

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert owners.asked == [GetImage(key=KEY, size=ImageSize.LARGE)]


async def test_pages_of_other_origins_may_show_a_picture(http: httpx.AsyncClient) -> None:
    assert (await http.get(PICTURE)).headers.get_list("cross-origin-resource-policy") == ["cross-origin"]


async def test_who_has_a_picture_is_told_so_and_nobody_is_asked(http: httpx.AsyncClient, owners: Any) -> None:
    tag = (await http.get(PICTURE)).headers["etag"]
    owners.asked.clear()

    again = await http.get(PICTURE, headers={"If-None-Match": f'"other", W/{tag}'})
    other_size = await http.get(PICTURE.replace("large", "medium"), headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "immutable" in again.headers["cache-control"]
    assert (other_size.status_code, len(owners.asked)) == (200, 1)


async def test_a_head_tells_of_a_picture_without_it(http: httpx.AsyncClient) -> None:
    answer = await http.head(PICTURE)

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", str(len(DATA)))


async def test_a_picture_that_is_not_there_is_not_kept(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["GetImage"] = ImageNotFound()

    answer = await http.get(PICTURE)

    assert (answer.status_code, answer.json()["code"]) == (404, "IMAGE_NOT_FOUND")
    assert answer.headers.get_list("cache-control") == ["no-cache"]


@pytest.mark.parametrize(
    "path", [f"{KEY}/huge", f"{KEY[:-1]}/large", f"{KEY.upper()}/large", f"..%2f..%2f{KEY}/large", f"{KEY}x/large"]
)
async def test_what_can_be_no_key_or_size_reaches_nobody(http: httpx.AsyncClient, owners: Any, path: str) -> None:
    answer = await http.get(f"/v1/images/{path}")

    assert answer.status_code in (404, 422)
    assert owners.asked == []


async def test_pictures_are_counted_apart_from_other_reads(
    app_with: Callable[..., FastAPI], client_of: Callable[..., httpx.AsyncClient]
) -> None:
    async with client_of(app_with(images_per_minute=2, reads_per_minute=1)) as http:
        statuses = [(await http.get(PICTURE)).status_code for _ in range(3)]
        categories = [(await http.get("/v1/categories")).status_code for _ in range(2)]

    assert (statuses, categories) == ([200, 200, 429], [200, 429])


async def test_the_pictures_of_a_product_are_added_ordered_and_removed(http: httpx.AsyncClient, owners: Any) -> None:
    edited = {"If-Match": '"4"'}
    added = await http.post(IMAGES, json={"upload_id": people.UPLOAD}, headers={"Idempotency-Key": "k1"})
    await http.put(IMAGES, json={"image_ids": [people.IMAGE]}, headers=edited)
    removed = await http.delete(f"{IMAGES}/{people.IMAGE}", headers=edited)
    unversioned = await http.delete(f"{IMAGES}/{people.IMAGE}")

    assert (added.status_code, added.headers["location"], added.headers["etag"]) == (201, IMAGES, '"4"')
    assert (removed.status_code, unversioned.status_code) == (200, 428)
    assert owners.asked == [
        AddProductImage(id=people.PRODUCT, upload_id=people.UPLOAD),
        OrderProductImages(id=people.PRODUCT, expected_version=4, image_ids=[people.IMAGE]),
        RemoveProductImage(id=people.PRODUCT, image_id=people.IMAGE, expected_version=4),
    ]
    assert owners.keys == ["k1", None, None]


async def test_a_file_that_is_no_picture_is_refused_with_the_reason(http: httpx.AsyncClient, owners: Any) -> None:
    reason = FieldError("/upload_id", "BROKEN", "It is damaged or cut off; export or send it again.")
    owners.answers["AddProductImage"] = ImageInvalid(errors=[reason])

    answer = await http.post(IMAGES, json={"upload_id": people.UPLOAD})

    assert (answer.status_code, answer.json()["code"]) == (422, "IMAGE_INVALID")
    assert answer.json()["errors"][0]["code"] == "BROKEN"
