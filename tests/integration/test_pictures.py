"""A picture from a file on somebody's machine to a visitor's page, and out of the shop again."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from courtier import images
from courtier.client import Refused
from shared.contracts.catalog.uploads import PART_BYTES
from shared.kernel.ids import new_id
from shared.testing import eventually


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "café.jpg"
    # Rich in detail, so that it comes in several parts.
    Image.effect_noise((800, 600), 30).convert("RGB").resize((2400, 1800)).save(path, "JPEG", quality=95)
    assert path.stat().st_size > 2 * PART_BYTES
    return path


@pytest.fixture
async def product(shop: Any) -> dict[str, Any]:
    """Return a product that is this test's own."""
    variant = {"sku": f"PHOTO-{new_id()}", "base_price": {"amount": "12.00", "currency": "EUR"}}
    body = {"name": "Coffee, photographed", "variants": [variant]}
    made: dict[str, Any] = await shop.people["admin"].create("/v1/products", str(new_id()), body)
    return made


async def test_a_picture_reaches_a_visitors_page_and_leaves_it(shop: Any, product: Any, photo: Path) -> None:
    admin, visitor = shop.people["admin"], shop.people["visitor"]
    sku = product["variants"][0]["sku"]

    added = await images.add(admin, sku, photo, {"fr": "Café", "en": "Coffee"})

    seen = (await visitor.get(f"/v1/products/{product['id']}", locale="en"))["images"]
    assert [(image["alt"], image["width"], image["height"]) for image in seen] == [("Coffee", 1600, 1200)]
    for address, width in ((seen[0]["url"], 1600), (seen[0]["thumbnail"], 200)):
        answer = await visitor.http.get(address)
        assert answer.headers["content-type"] == "image/webp"
        assert Image.open(BytesIO(answer.content)).width == width
        again = await visitor.http.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304

    path = f"/v1/products/{product['id']}/images"
    await admin.edit("DELETE", f"{path}/{added['images'][0]['id']}", {}, read_from=path)

    async def gone() -> None:
        assert (await visitor.http.get(seen[0]["url"])).status_code == 404

    assert (await visitor.get(f"/v1/products/{product['id']}"))["images"] == []
    await eventually(gone, within=60)


async def test_a_file_that_is_no_picture_is_refused_in_a_sentence(shop: Any, product: Any, tmp_path: Path) -> None:
    text = tmp_path / "photo.jpg"
    text.write_text("I am no picture.")

    with pytest.raises(Refused, match="no JPEG, PNG, WebP or GIF"):
        await images.add(shop.people["admin"], product["variants"][0]["sku"], text, {})

    with pytest.raises(Refused, match="catalog:read"):
        await images.add(shop.people["paul"], product["variants"][0]["sku"], text, {})
