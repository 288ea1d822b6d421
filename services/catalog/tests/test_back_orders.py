"""Selling ahead: more is promised than is there, within the limit, and orders get goods as they come, oldest first."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.stock import set_selling
from services.catalog.tests.samples import KEEPER, Shop, drift, stock_of
from services.catalog.tests.stocking import (
    adjusts,
    allocation,
    cancels,
    confirms,
    counts,
    holding,
    in_warehouses,
    kept,
    level,
    opens,
    ordering,
    receives,
    sells_ahead,
    transfers,
)
from shared.contracts.catalog.allocations import AllocationNotFound, BackOrderFilled
from shared.contracts.catalog.stock import HeldQuote, OutOfStock, SellAhead, SetSelling, StockPromised
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed


async def ages(connection: AsyncConnection, *quotes: HeldQuote) -> None:
    """Make these orders old, the first the oldest; in one transaction of a test all are equally young."""
    for hours, quote in enumerate(reversed(quotes), 1):
        await connection.execute(
            text("UPDATE holds SET created_at = now() - make_interval(hours => :hours) WHERE order_id = :id"),
            {"hours": hours, "id": quote.order_id},
        )


def filled(shop: Shop) -> list[tuple[Any, Decimal, Decimal]]:
    told = [event for event in shop.emitted if isinstance(event, BackOrderFilled)]
    return [(each.order_id, each.quantity, each.left) for event in told for each in event.orders]


async def test_no_more_is_held_than_is_there_and_may_go_ahead(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=2)
    await sells_ahead(shop, 3)

    await holding(shop, 4)
    with pytest.raises(OutOfStock) as refused:
        await holding(shop, 2)
    assert refused.value.details["items"] == [{"sku": "chair", "requested": 2, "available": 1}]
    await holding(shop, 1)

    assert await stock_of(shop, "chair") == (2, 5)
    assert (await level(shop)).available == -3
    assert await drift(connection) == []


@pytest.mark.parametrize("ahead", [SellAhead.BACK_ORDER, SellAhead.PRE_ORDER])
async def test_without_a_limit_any_number_is_held(shop: Shop, connection: AsyncConnection, ahead: SellAhead) -> None:
    await shop.sells("chair")
    await sells_ahead(shop, None, ahead=ahead)

    await holding(shop, 1000)
    await ordering(shop, 99_999_998_999)
    with pytest.raises(OutOfStock):
        await holding(shop, 1)

    assert await drift(connection) == []


async def test_an_order_takes_from_warehouses_by_priority(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=2)
    await opens(shop, "near", priority=2)
    await opens(shop, "far", priority=1)
    await receives(shop, 2, "far")
    await receives(shop, 3, "near")

    quote = await ordering(shop, 6)

    assert await kept(shop, quote) == ({"near": 3, "far": 2, "main": 1}, 0)
    assert await in_warehouses(shop) == {"near": (3, 3), "far": (2, 2), "main": (2, 1)}
    assert await drift(connection) == []


async def test_a_hold_is_in_no_warehouse_and_a_cancelled_order_no_longer(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair", on_hand=5)
    quote = await holding(shop, 2)

    for order_id in (quote.order_id, new_id()):
        with pytest.raises(AllocationNotFound):
            await allocation(shop, order_id)
    await confirms(shop, quote)
    assert await kept(shop, quote) == ({"main": 2}, 0)
    await cancels(shop, quote)

    with pytest.raises(AllocationNotFound):
        await allocation(shop, quote.order_id)
    assert await in_warehouses(shop) == {"main": (5, 0)}
    assert await drift(connection) == []


async def test_goods_that_come_go_to_the_oldest_orders_first(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=1)
    await sells_ahead(shop, None)
    orders = [await ordering(shop, quantity) for quantity in (3, 2, 2)]
    await ages(connection, *orders)
    oldest, middle, newest = orders
    assert [await kept(shop, order) for order in orders] == [({"main": 1}, 2), ({}, 2), ({}, 2)]

    await receives(shop, 3)

    assert [await kept(shop, order) for order in orders] == [({"main": 3}, 0), ({"main": 1}, 1), ({}, 2)]
    assert filled(shop) == [(oldest.order_id, 2, 0), (middle.order_id, 1, 1)]
    await receives(shop, 9)
    assert filled(shop)[2:] == [(middle.order_id, 1, 0), (newest.order_id, 2, 0)]
    assert await in_warehouses(shop) == {"main": (13, 7)}
    assert await drift(connection) == []


@pytest.mark.parametrize("how", ["receipt", "adjustment", "count"])
async def test_however_goods_come_orders_that_wait_get_them(shop: Shop, connection: AsyncConnection, how: str) -> None:
    await shop.sells("chair")
    await sells_ahead(shop, None)
    quote = await ordering(shop, 2)
    coming = {"receipt": receives(shop, 2), "adjustment": adjusts(shop, 2), "count": counts(shop, 2)}

    for each, attempt in coming.items():
        await attempt if each == how else attempt.close()

    assert await kept(shop, quote) == ({"main": 2}, 0)
    assert filled(shop) == [(quote.order_id, 2, 0)]
    assert await drift(connection) == []


async def test_what_a_cancelled_order_had_goes_to_the_one_that_waits(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=2)
    await sells_ahead(shop, None)
    first, second = await ordering(shop, 2), await ordering(shop, 3)

    await cancels(shop, first)

    assert await kept(shop, second) == ({"main": 2}, 1)
    assert filled(shop) == [(second.order_id, 2, 1)]
    await cancels(shop, second)
    assert await stock_of(shop, "chair") == (2, 0)
    await receives(shop, 1)
    assert await in_warehouses(shop) == {"main": (3, 0)}
    assert await drift(connection) == []


async def test_an_order_that_lacked_goods_is_promised_them_when_they_come(
    shop: Shop, connection: AsyncConnection
) -> None:
    """It was confirmed without its hold, when there was less than it needed."""
    await shop.sells("chair", on_hand=5)
    quote = await holding(shop, 3)
    lost = quote.model_copy(update={"order_id": new_id()})
    await confirms(shop, lost)
    (line,) = (await allocation(shop, lost.order_id)).lines
    assert (line.quantity, line.waits, line.short) == (2, 0, 1)

    await receives(shop, 3)

    (line,) = (await allocation(shop, lost.order_id)).lines
    assert (line.quantity, line.waits, line.short) == (3, 0, 0)
    assert await stock_of(shop, "chair") == (8, 6)
    assert filled(shop) == [(lost.order_id, 1, 0)]
    assert await drift(connection) == []


async def test_a_placement_given_up_lets_an_order_have_what_it_lacked(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    quote = await holding(shop, 3)
    lost = quote.model_copy(update={"order_id": new_id()})
    await confirms(shop, lost)

    await cancels(shop, quote)

    (line,) = (await allocation(shop, lost.order_id)).lines
    assert (line.quantity, line.short, line.warehouses[0].quantity) == (3, 0, 3)
    assert await stock_of(shop, "chair") == (5, 3)
    assert await drift(connection) == []


async def test_a_transfer_takes_the_orders_along_and_is_no_news_to_them(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair", on_hand=5)
    await opens(shop, "far", priority=-1)
    first, second = await ordering(shop, 2), await ordering(shop, 2)
    await ages(connection, first, second)

    await transfers(shop, 3, "main", "far")

    assert await kept(shop, first) == ({"main": 2}, 0)
    assert await kept(shop, second) == ({"far": 2}, 0)
    assert filled(shop) == []
    assert await drift(connection) == []


async def test_goods_lost_are_lost_to_the_newest_orders(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    await sells_ahead(shop, 3)
    first, second, third = [await ordering(shop, 2), await ordering(shop, 2), await ordering(shop, 1)]
    await ages(connection, first, second, third)

    await adjusts(shop, -2)

    assert [await kept(shop, each) for each in (first, second, third)] == [
        ({"main": 2}, 0),
        ({"main": 1}, 1),
        ({}, 1),
    ]
    assert await drift(connection) == []


async def test_how_a_variant_is_sold_is_set_as_it_was_read(shop: Shop) -> None:
    await shop.sells("chair", on_hand=2)

    view = await sells_ahead(shop, 3, low_at=Decimal(1))

    assert (view.ahead, view.ahead_limit, view.low_at, view.version) == (SellAhead.BACK_ORDER, 3, 1, 3)
    with pytest.raises(PreconditionFailed):
        await shop(set_selling, SetSelling(sku="chair", expected_version=2), KEEPER)
    assert (await sells_ahead(shop, None, ahead=SellAhead.NONE)).ahead_limit == 0


async def test_selling_ahead_does_not_end_below_what_is_promised(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=2)
    await sells_ahead(shop, 5)
    await ordering(shop, 4)

    for limit, ahead in ((1, SellAhead.BACK_ORDER), (9, SellAhead.NONE)):
        with pytest.raises(StockPromised):
            await sells_ahead(shop, limit, ahead=ahead)
    await sells_ahead(shop, 2)
    with pytest.raises(OutOfStock):
        await holding(shop, 1)
    await receives(shop, 2)

    assert (await sells_ahead(shop, 0, ahead=SellAhead.NONE)).available == 0
    assert await drift(connection) == []
