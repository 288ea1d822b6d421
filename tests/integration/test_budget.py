"""How much one request may cost, counted: the only gate that no noisy machine can move (design G11)."""

from collections.abc import Awaitable, Callable
from itertools import product
from string import ascii_uppercase
from typing import Any

import pytest

from devstack import measured
from shared.kernel.ids import new_id

TIMES = 10
currencies = ("".join(letters) for letters in product("XYZ", ascii_uppercase, ascii_uppercase))


async def cost(shop: Any, act: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    """Return SQL statements and NATS requests of one act, after a first one that warms caches."""
    first = await act()
    assert first.is_success, first.text
    before = await measured.counts(shop.house)
    for _ in range(TIMES):
        first = await act()
    assert first.is_success, first.text
    spent = (await measured.counts(shop.house)).since(before, TIMES)
    return spent.requests, spent.asks


@pytest.mark.parametrize("lines", [1, 5, 10])
async def test_an_order_costs_18_statements_and_3_requests_whatever_its_lines(shop: Any, lines: int) -> None:
    skus = (
        "CAFE-1KG",
        "THE-100",
        "MIEL-500",
        "HUILE-75",
        "CHOC-70",
        "VIN-BDX",
        "VIN-CHB",
        "CHAMP-BR",
        "COF-FET",
        "TASSE-2",
    )
    customer_id = await shop.customer_id("lucie")
    body = {"customer_id": customer_id, "lines": [{"sku": sku, "quantity": 1} for sku in skus[:lines]]}

    async def place() -> Any:
        return await shop.people["paul"].http.post("/v1/orders", json=body, headers={"Idempotency-Key": str(new_id())})

    statements, asks = await cost(shop, place)

    assert statements <= 18
    assert asks <= 3


def never_looked_in() -> dict[str, str]:
    """Return a currency in which nobody has looked: neither how a caller stands in it nor any look is remembered."""
    return {"currency": next(currencies)}


@pytest.mark.parametrize("limit", ["1", "10", "100"])
async def test_a_list_of_products_costs_3_statements_at_first_and_1_again_whatever_its_length(
    shop: Any, limit: str
) -> None:
    query = {"limit": limit, "customer_id": await shop.customer_id("lucie")}
    http = shop.people["paul"].http

    first = await cost(shop, lambda: http.get("/v1/products", params=query | never_looked_in()))
    of_another = await cost(shop, lambda: http.get("/v1/products", params=query | {"market": f"m-{new_id()}"}))
    again = await cost(shop, lambda: http.get("/v1/products", params=query))

    assert first == (3, 1)
    assert of_another == (2, 1), "a market without prices of its own shares the looks, but nobody has stood in it"
    assert again == (1, 1)


async def test_one_product_costs_3_statements_at_first_and_1_again(shop: Any) -> None:
    product = (await shop.people["visitor"].get("/v1/products", sku="CAFE-1KG"))["items"][0]["id"]
    http = shop.people["lucie"].http

    first = await cost(shop, lambda: http.get(f"/v1/products/{product}", params=never_looked_in()))
    again = await cost(shop, lambda: http.get(f"/v1/products/{product}"))

    assert (first, again) == ((3, 1), (1, 1))


@pytest.mark.parametrize("sort", ["relevance", "newest", "name", "price"])
@pytest.mark.parametrize("words", ["", "cafe"])
async def test_a_search_that_is_remembered_costs_2_statements_whatever_its_order(
    shop: Any, words: str, sort: str
) -> None:
    query = {"sort": sort} | ({"q": words} if words else {})

    assert await cost(shop, lambda: shop.people["paul"].http.get("/v1/search", params=query)) == (2, 1)
