"""Cursors that no list has given out: refused, or as good as a place, and never a fault of the shop."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.catalog.domain.searching import Place, cursor, place
from services.catalog.handlers.queries.categories import list_categories
from services.catalog.handlers.queries.exports import export_rows
from services.catalog.handlers.queries.search import search_products
from services.catalog.handlers.queries.storefront import list_products
from services.catalog.tests.dealing import a_category, agreed, row, to
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.categories import ListCategories
from shared.contracts.catalog.exports import ExportRows
from shared.contracts.catalog.search import SearchProducts, Sort
from shared.contracts.catalog.storefront import ListProducts
from shared.database.pages import read_cursor
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed

ID = "0198c0de-0000-7000-8000-000000000000"
MOMENTS = st.sampled_from(
    ["2024-99-99T00:00:00+00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00", "2024"]
)
NUMBERS = st.sampled_from(["1e99", "99.9e-99", "-1", "٣", "nan", "999999999999999999.999999999999999999"])
KEYS = st.text(max_size=20) | MOMENTS | NUMBERS | st.integers() | st.none() | st.lists(st.text(max_size=2), max_size=2)
PLACES = st.one_of(
    st.text(max_size=60),
    st.tuples(st.sampled_from(list(Sort)), KEYS, st.just(ID) | st.text(max_size=5) | st.integers()).map(json.dumps),
    st.tuples(MOMENTS | st.datetimes().map(str), st.just(ID) | st.text(max_size=9)).map("|".join),
    st.lists(st.text(max_size=9), min_size=1, max_size=3).map("\x1f".join),
    st.integers(0, 2**70).map(lambda number: f"{number:020}"),
    st.just("[" * 5_000),
)
ON_THE_DATABASE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def forged(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


@pytest.fixture
async def stocked(shop: Shop) -> Shop:
    """A shop with something to list."""
    for sku in ("chair", "stool"):
        await shop.sells(sku)
    await a_category(shop, "seats")
    return shop


async def asked(shop: Shop, handler: Any, query: Any, **given: Any) -> None:
    """Ask for a page; a cursor that is refused is as good an answer."""
    try:
        assert await shop(handler, query(**given), KEEPER) is not None
    except (ValidationError, Malformed):
        return


@given(PLACES.map(forged) | st.text(max_size=40))
@ON_THE_DATABASE
async def test_any_cursor_is_refused_or_leads_to_a_page(stocked: Shop, cursor: str) -> None:
    await asked(stocked, list_products, ListProducts, cursor=cursor)
    await asked(stocked, list_categories, ListCategories, cursor=cursor)
    for sort in Sort:
        await asked(stocked, search_products, SearchProducts, sort=sort, cursor=cursor)
        await asked(stocked, search_products, SearchProducts, q="chair", sort=sort, cursor=cursor)
    for kind in ImportKind:
        await asked(stocked, export_rows, ExportRows, kind=kind, cursor=cursor)


@given(PLACES.map(forged))
@ON_THE_DATABASE
async def test_any_cursor_of_the_rows_of_a_list_is_refused_or_leads_to_a_page(shop: Shop, cursor: str) -> None:
    await shop.sells(f"chair-{new_id()}")
    view = await agreed(shop, to("fr"), row("9", None, "all"))

    await asked(shop, export_rows, ExportRows, kind=ImportKind.PRICES, price_list=view.code, cursor=cursor)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("newest", "2024-99-99T00:00:00+00:00"),
        ("newest", "2024-01-01T00:00:00"),
        ("name", "a\x00b"),
        ("name", "\ud800"),
        ("relevance", "1e99"),
        ("relevance", "٣"),
        ("relevance", "nan"),
        ("price", "٣"),
        ("price", "1e9"),
    ],
)
def test_a_key_that_no_product_has_is_refused(sort: str, key: str) -> None:
    with pytest.raises(Malformed) as refused:
        place(forged(json.dumps([sort, key, ID])), Sort(sort))
    assert refused.value.errors[0].code == "CURSOR_INVALID"


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.NEWEST, datetime(2024, 2, 3, 4, 5, 6, 789, UTC)),
        (Sort.NAME, "Chaise é \N{CHAIR}"),
        (Sort.RELEVANCE, 0.0),
        (Sort.RELEVANCE, 1e-20),
        (Sort.RELEVANCE, 10.060792710632086),
        (Sort.RELEVANCE, 0.00012345678901234567),
        (Sort.RELEVANCE, Decimal("1.2345678901234567E-7")),
        (Sort.PRICE, Decimal("12.50")),
        (Sort.PRICE_DESC, None),
    ],
)
def test_what_products_are_sorted_by_is_read_as_it_was_written(sort: Sort, key: Any) -> None:
    id_ = UUID(ID)
    assert place(cursor(sort, key, id_), sort) == Place(float(key) if sort is Sort.RELEVANCE else key, id_)


@given(PLACES)
def test_a_place_in_a_list_is_read_or_refused(text: str) -> None:
    try:
        moment, _ = read_cursor(forged(text))
    except Malformed:
        return
    assert moment.tzinfo is UTC
