"""What people are told when goods run low, run out or come back: once, in the transaction that makes it so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.holds import release_hold
from services.catalog.handlers.jobs.holds import SweepHolds, sweep_holds
from services.catalog.repository import holds
from services.catalog.tests.samples import Shop, a_buyer, a_hold, a_line
from services.catalog.tests.stocking import adjusts, cancels, confirms, holding, ordering, receives, sells_ahead
from shared.contracts.catalog.stock import OutOfStock, ReleaseHold, StockCameBack, StockRanLow, StockRanOut
from shared.contracts.orders.standing import ExistingOrders
from shared.kernel import clock
from shared.testing import answering, customer
from shared.testing.desk import WorkAs


def told(shop: Shop) -> list[tuple[str, Decimal, int]]:
    """Return what was told since last asked: the event, how many are left, and the version of the stock."""
    kinds = (StockRanLow, StockRanOut, StockCameBack)
    news = [
        (type(event).__name__, event.stock.on_hand - event.stock.reserved, event.stock.version)
        for event in shop.emitted
        if isinstance(event, kinds)
    ]
    shop.emitted.clear()
    return news


async def test_running_low_is_told_once_by_the_hold_that_crosses_the_line(shop: Shop) -> None:
    await shop.sells("chair", on_hand=10)
    await sells_ahead(shop, 0, low_at=5)
    shop.emitted.clear()

    await holding(shop, 4)
    assert told(shop) == []
    await holding(shop, 2)
    assert told(shop) == [("StockRanLow", 4, 5)]
    await holding(shop, 1)
    assert told(shop) == []
    await receives(shop, 10)
    assert told(shop) == []
    await adjusts(shop, -9)
    assert told(shop) == [("StockRanLow", 4, 8)]


async def test_running_out_and_coming_back_are_told_by_holds_and_releases(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=2)
    assert told(shop) == [("StockCameBack", 2, 2)]
    actor = customer(buyer.id)

    quote = await shop.holds(a_hold(buyer, a_line("chair", 2)), actor)
    assert told(shop) == [("StockRanOut", 0, 3)]
    with pytest.raises(OutOfStock):
        await holding(shop, 1)
    assert told(shop) == []
    await shop(release_hold, ReleaseHold(order_id=quote.order_id), actor)
    assert told(shop) == [("StockCameBack", 2, 4)]


async def test_the_sweeper_and_a_cancellation_tell_what_comes_back(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=2)
    swept = await holding(shop, 2)
    shop.emitted.clear()
    await connection.execute(text("UPDATE holds SET expires_at = expires_at - interval '6 minutes'"))
    shop.ask = answering(FindExistingOrders=ExistingOrders(ids=[]))

    await shop(sweep_holds, SweepHolds())
    assert told(shop) == [("StockCameBack", 2, 4)]
    order = await ordering(shop, 2)
    assert told(shop) == [("StockRanOut", 0, 5)]
    await cancels(shop, order)
    assert told(shop) == [("StockCameBack", 2, 6)]

    await confirms(shop, swept.model_copy(update={"order_id": order.order_id}))
    assert told(shop) == []


async def test_goods_that_all_go_to_waiting_orders_did_not_come_back(shop: Shop) -> None:
    await shop.sells("chair")
    await sells_ahead(shop, None)
    await ordering(shop, 3)

    await receives(shop, 3)
    assert told(shop) == []
    await receives(shop, 1)
    assert told(shop) == [("StockCameBack", 1, 5)]


@pytest.mark.parametrize(("on_hand", "extra"), [(3, 0), (2, 1)])
async def test_a_hold_costs_a_statement_more_only_where_a_line_is_crossed(
    shop: Shop, statements: list[str], on_hand: int, extra: int
) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("table", on_hand=on_hand)
    await shop.sells("chair", on_hand=on_hand)
    command = a_hold(buyer, a_line("chair", 2), a_line("table", 2))

    statements.clear()
    await shop.holds(command)

    told_in = [statement for statement in statements if "INSERT INTO outbox" in statement]
    assert len(told_in) == extra
    assert len(told(shop)) == 2 * extra + 2


async def test_what_a_customer_has_taken_since_a_moment(
    shop: Shop, connection: AsyncConnection, work_as: WorkAs
) -> None:
    buyer, other = a_buyer(), a_buyer()
    await shop.knows(buyer, other)
    for sku in ("chair", "table"):
        await shop.sells(sku, on_hand=50)
    actor = customer(buyer.id)
    old = await shop.holds(a_hold(buyer, a_line("chair", 7)), actor)
    released = await shop.holds(a_hold(buyer, a_line("chair", 5)), actor)
    await shop(release_hold, ReleaseHold(order_id=released.order_id), actor)
    await shop.holds(a_hold(other, a_line("chair", 11)))
    held = await shop.holds(a_hold(buyer, a_line("chair", 1), a_line("chair", 2), a_line("table", 4)), actor)
    await confirms(shop, await shop.holds(a_hold(buyer, a_line("chair", 10)), actor))
    await connection.execute(
        text("UPDATE holds SET created_at = created_at - interval '30 days' WHERE order_id = :id"),
        {"id": old.order_id},
    )
    chair, table = (line.variant_id for line in (held.lines[0], held.lines[2]))
    session, week_ago = work_as().session, clock.now() - timedelta(days=7)

    assert await holds.taken_since(session, buyer.id, [chair, table], week_ago) == {chair: 13, table: 4}
    assert await holds.taken_since(session, buyer.id, [chair], clock.now() - timedelta(days=31)) == {chair: 20}
    assert await holds.taken_since(session, buyer.id, [], week_ago) == {}
    assert await holds.taken_since(session, a_buyer().id, [chair], week_ago) == {}
