"""Drift is told in a sentence, each kind by its own check."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.tests.samples import Shop, a_buyer, an_order, drift
from services.catalog.tests.test_jobs import holding, let_pass
from shared.contracts.orders.orders import OrderConfirmed

MOVED = "INSERT INTO stock_movements (id, variant_id, warehouse_id, quantity, kind, reference, actor) "
MOVED += "SELECT gen_random_uuid(), variant_id, warehouse_id, {}, 'receipt', '', '{{}}' FROM warehouse_stocks"


@pytest.mark.parametrize(
    ("tampering", "sentences"),
    [
        (
            "UPDATE stocks SET on_hand = 11",
            [
                "chair has 11.000 on hand, its movements add up to 10.000",
                "chair has 11.000 on hand, its warehouses have 10.000",
            ],
        ),
        (
            "UPDATE warehouse_stocks SET on_hand = 11",
            [
                "chair has 10.000 on hand, its warehouses have 11.000",
                "chair has 11.000 in main, its movements there add up to 10.000",
            ],
        ),
        (
            MOVED.format(1),
            [
                "chair has 10.000 on hand, its movements add up to 11.000",
                "chair has 10.000 in main, its movements there add up to 11.000",
            ],
        ),
        ("UPDATE stocks SET reserved = 2", ["chair has 2.000 reserved, its orders hold 3.000"]),
        ("UPDATE holds SET state = 'released'", ["chair has 3.000 reserved, its orders hold 0"]),
    ],
)
async def test_stock_that_does_not_add_up_is_told(
    shop: Shop, connection: AsyncConnection, tampering: str, sentences: list[str]
) -> None:
    await holding(shop, 3)
    assert await drift(connection) == []

    await connection.execute(text(tampering))

    assert await drift(connection) == sentences


@pytest.mark.parametrize(
    ("tampering", "sentences"),
    [
        ("UPDATE warehouse_stocks SET allocated = 4", ["main keeps 4.000 of chair, its allocations add up to 3.000"]),
        (
            "DELETE FROM allocation_lines",
            [
                "main keeps 3.000 of chair, its allocations add up to 0",
                "order {order} should have 3.000 of chair in warehouses and has 0",
            ],
        ),
        (
            "UPDATE hold_lines SET waits = 1",
            [
                "order {order} should have 2.000 of chair in warehouses and has 3.000",
                "orders wait for 1.000 of chair, and main keeps 7.000 for nobody",
            ],
        ),
        (
            f"WITH lost AS ({MOVED.format(-8)}), fewer AS (UPDATE stocks SET on_hand = 2, ahead = 'back_order', "
            "ahead_limit = 1) UPDATE warehouse_stocks SET on_hand = 2",
            ["main keeps 3.000 of chair and has 2.000"],
        ),
    ],
)
async def test_allocations_that_do_not_add_up_are_told(
    shop: Shop, connection: AsyncConnection, tampering: str, sentences: list[str]
) -> None:
    (quote,) = await holding(shop, 3)
    await shop(events.allocate_stock, OrderConfirmed(order=an_order(quote, a_buyer())))
    assert await drift(connection) == []

    await connection.execute(text(tampering))

    assert await drift(connection) == [sentence.format(order=quote.order_id) for sentence in sentences]


async def test_a_hold_nobody_sweeps_is_told_after_ten_minutes(shop: Shop, connection: AsyncConnection) -> None:
    (quote,) = await holding(shop, 3)

    await let_pass(connection, quote, minutes=14)
    assert await drift(connection) == []
    await let_pass(connection, quote, minutes=2)

    assert await drift(connection) == [f"the hold of order {quote.order_id} should have been swept"]


@pytest.mark.parametrize(
    "promising",
    [
        "UPDATE stocks SET reserved = 11",
        "UPDATE stocks SET ahead_limit = 5, reserved = 11",
        "UPDATE stocks SET ahead = 'back_order', ahead_limit = 5, reserved = 16",
    ],
)
async def test_the_database_itself_promises_nothing_twice(
    shop: Shop, connection: AsyncConnection, promising: str
) -> None:
    await holding(shop, 3)

    with pytest.raises(IntegrityError, match="reserved_within_reach"):
        await connection.execute(text(promising))
