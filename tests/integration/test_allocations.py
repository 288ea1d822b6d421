"""Stock across two services: what catalog keeps for an order that orders does not know comes to light."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import sold

ASK_NOW = "UPDATE jobs SET run_after = now() WHERE kind = 'CheckAllocations'"


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
    await catalog.execute(ASK_NOW)
    await eventually(doubted)
    assert (await shop.people["admin"].get("/v1/operations/catalog/drift"))["drifts"] == []  # its events may be late

    await catalog.execute("UPDATE holds SET doubted_at = doubted_at - interval '6 min' WHERE order_id = $1", nobodys)
    (found,) = (await shop.people["admin"].get("/v1/operations/catalog/drift"))["drifts"]

    assert found["check"] == "goods_are_kept_for_orders_that_need_them"
    assert str(nobodys) in found["detail"]
