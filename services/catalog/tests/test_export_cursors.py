"""Cursors of exports: each page begins behind the one before, and no other text is taken for a place."""

import pytest

from services.catalog.domain.bulk.exporting import place
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop
from shared.contracts.catalog.bulk import ImportKind
from shared.kernel.cursors import sealed
from shared.kernel.problems import Malformed

LONGEST = "é" * 64


@pytest.mark.parametrize(
    ("kind", "listed", "key"),
    [
        (ImportKind.PRODUCTS, False, f"{LONGEST}\x1f00012"),
        (ImportKind.PRICES, False, f"{LONGEST}\x1fgross"),
        (ImportKind.PRICES, True, "00000000000000000042"),
        (ImportKind.STOCK, False, f"{LONGEST}\x1fmain"),
        (ImportKind.CATEGORIES, False, "003\x1fcoffee"),
        (ImportKind.QUANTITY_RULES, False, "00000000000000000042"),
    ],
)
def test_the_key_of_a_row_is_a_place(kind: ImportKind, listed: bool, key: str) -> None:
    assert place(sealed(key), kind, listed=listed) == key
    assert place(None, kind, listed=listed) == ""


@pytest.mark.parametrize(
    ("kind", "listed", "key"),
    [
        (ImportKind.PRODUCTS, False, "chair\x1fxyz"),
        (ImportKind.PRODUCTS, False, "chair\x1f99999999999"),
        (ImportKind.PRICES, False, "a\x00b"),
        (ImportKind.PRICES, True, "99999999999999999999"),
        (ImportKind.STOCK, False, ""),
    ],
)
def test_another_text_is_refused(kind: ImportKind, listed: bool, key: str) -> None:
    for cursor in (sealed(key), "é", "AAAA="):
        with pytest.raises(Malformed, match="not one of this export"):
            place(cursor, kind, listed=listed)


async def test_rows_of_long_skus_are_exported_to_the_last(shop: Shop) -> None:
    for number in range(3):
        await shop.sells(f"{'é' * 60}-{number}")

    rows = await Files(shop).exported("stock", limit=1)

    assert len(rows) == 3
