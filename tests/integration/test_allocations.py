"""Stock across two services: goods kept for no order, and an order without its goods, come to light."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import sold

MAIN = "01a20000-0000-7000-8000-000000000001"
ON_SHELVES = """UPDATE warehouse_stocks SET allocated = allocated {sign} parts.quantity FROM parts
    WHERE (warehouse_stocks.variant_id, warehouse_stocks.warehouse_id) = (parts.variant_id, parts.warehouse_id)"""
TAKE_AWAY = f"""WITH parts AS (DELETE FROM allocation_lines WHERE order_id = $1 RETURNING *),
    shelves AS ({ON_SHELVES.format(sign="-")})
    UPDATE holds SET state = 'held' WHERE order_id = $1 AND state = 'allocated'"""
GIVE_BACK = f"""WITH parts AS (
        INSERT INTO allocation_lines (order_id, variant_id, warehouse_id, quantity)
        SELECT order_id, variant_id, '{MAIN}', quantity FROM hold_lines WHERE order_id = $1 RETURNING *
    ), shelves AS ({ON_SHELVES.format(sign="+")})
    UPDATE holds SET state = 'allocated' WHERE order_id = $1 AND state = 'held'"""
ASK_NOW = "UPDATE jobs SET run_after = now() WHERE kind = $1"


@pytest.fixture
async def catalog(shop: Any) -> AsyncIterator[Any]:
    """Yield a connection to the database of catalog."""
    connection = await asyncpg.connect(shop.house.postgres.url("catalog", driver="postgresql"))
    yield connection
    await connection.close()


@pytest.fixture
async def nobodys(catalog: Any) -> AsyncIterator[Any]:
    """Yield an order that exists nowhere, with goods allocated to it all the same."""
    id_ = new_id()
    await catalog.execute("INSERT INTO holds (order_id, state) VALUES ($1, 'allocated')", id_)
    yield id_
    await catalog.execute("DELETE FROM holds WHERE order_id = $1", id_)


async def test_goods_allocated_to_an_order_nobody_knows_are_drift_and_those_of_a_sale_are_not(
    shop: Any, catalog: Any, nobodys: Any
) -> None:
    order = await sold(shop)

    async def allocated() -> None:
        state = "SELECT state FROM holds WHERE order_id = $1"
        assert await catalog.fetchval(state, order["id"]) == "allocated"

    async def doubted() -> None:
        found = await catalog.fetch("SELECT order_id FROM holds WHERE doubted_at IS NOT NULL")
        assert [row["order_id"] for row in found] == [nobodys]

    await eventually(allocated)
    await catalog.execute(ASK_NOW, "CheckAllocations")
    await eventually(doubted)
    assert (await shop.people["admin"].get("/v1/operations/catalog/drift"))["drifts"] == []  # its events may be late

    await catalog.execute("UPDATE holds SET doubted_at = doubted_at - interval '6 min' WHERE order_id = $1", nobodys)
    (found,) = (await shop.people["admin"].get("/v1/operations/catalog/drift"))["drifts"]

    assert found["check"] == "goods_are_kept_for_orders_that_need_them"
    assert str(nobodys) in found["detail"]


async def test_an_order_without_its_goods_is_drift_until_it_has_them_again(shop: Any, catalog: Any) -> None:
    order = await sold(shop)

    async def taken_away() -> None:
        assert await catalog.execute(TAKE_AWAY, order["id"]) == "UPDATE 1"

    async def missed() -> None:
        found = await catalog.fetch("SELECT order_id FROM missed_allocations")
        assert [str(row["order_id"]) for row in found] == [order["id"]]

    async def drifts() -> list[Any]:
        return list((await shop.people["admin"].get("/v1/operations/catalog/drift"))["drifts"])

    await eventually(taken_away)
    try:
        await catalog.execute(ASK_NOW, "CheckOrders")
        await eventually(missed)
        assert await drifts() == []  # its events may be late
        await catalog.execute("UPDATE missed_allocations SET missed_at = missed_at - interval '6 min'")
        (found,) = await drifts()
    finally:
        await catalog.execute(GIVE_BACK, order["id"])

    assert found["check"] == "orders_have_the_goods_they_need"
    assert order["id"] in found["detail"]
    assert await drifts() == []
