"""How much one request may cost, counted: the only gate that no noisy machine can move (design G11)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from devstack import measured
from shared.kernel.ids import new_id

TIMES = 10


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


@pytest.mark.parametrize("limit", ["1", "10", "100"])
async def test_a_list_of_products_costs_3_statements_at_first_and_2_again_whatever_its_length(
    shop: Any, limit: str
) -> None:
    query = {"limit": limit, "customer_id": await shop.customer_id("lucie")}

    async def in_a_market_of_its_own() -> Any:
        # Nobody looked there before, so that nothing is remembered of what is seen there.
        there = {"market": f"m-{new_id()}"}
        return await shop.people["paul"].http.get("/v1/products", params=query | there)

    first = await cost(shop, in_a_market_of_its_own)
    again = await cost(shop, lambda: shop.people["paul"].http.get("/v1/products", params=query))

    assert (first[0] <= 3, first[1]) == (True, 1)
    assert (again[0] <= 2, again[1]) == (True, 1)


async def test_one_product_costs_2_statements_and_1_request(shop: Any) -> None:
    product = (await shop.people["visitor"].get("/v1/products", sku="CAFE-1KG"))["items"][0]["id"]

    statements, asks = await cost(shop, lambda: shop.people["lucie"].http.get(f"/v1/products/{product}"))

    assert statements <= 2
    assert asks == 1
