"""Goods allocated to orders that do not need them: found by asking, told once no event on its way can explain them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.handlers.jobs.holds import CheckAllocations, check_allocations
from services.catalog.tests.samples import Shop, a_buyer, an_order, drift, stock_of
from services.catalog.tests.test_jobs import holding
from shared.contracts.catalog.stock import HeldQuote
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.standing import FindUnshippedOrders, UnshippedOrders
from shared.kernel.ids import new_id
from shared.kernel.problems import Unavailable
from shared.testing import answering


async def allocated(shop: Shop, *quantities: int) -> list[HeldQuote]:
    quotes = await holding(shop, *quantities)
    for quote in quotes:
        await shop(events.allocate_stock, OrderConfirmed(order=an_order(quote, a_buyer())))
    return quotes


async def check(shop: Shop, needed: Sequence[UUID]) -> list[FindUnshippedOrders]:
    """Run the job once, with these orders needing their goods; return what it asked."""
    shop.ask = answering(FindUnshippedOrders=lambda asked: UnshippedOrders(ids=[i for i in asked.ids if i in needed]))
    await shop(check_allocations, CheckAllocations())
    asked: list[FindUnshippedOrders] = shop.ask.requests
    return asked


async def let_pass(connection: AsyncConnection, seconds: int) -> None:
    await connection.execute(
        text("UPDATE holds SET doubted_at = doubted_at - make_interval(secs => :seconds)"), {"seconds": seconds}
    )


async def told_of(connection: AsyncConnection) -> list[str]:
    """Return the orders that drift names."""
    return [sentence.split()[5].rstrip(",") for sentence in await drift(connection)]


async def test_what_orders_does_not_need_is_told_once_its_events_have_had_their_time(
    shop: Shop, connection: AsyncConnection
) -> None:
    lost, needed = await allocated(shop, 1, 2)

    (question,) = await check(shop, [needed.order_id])
    assert question.ids == sorted([lost.order_id, needed.order_id])
    await let_pass(connection, seconds=4 * 60)
    assert await told_of(connection) == []

    await let_pass(connection, seconds=61)
    assert await told_of(connection) == [str(lost.order_id)]
    assert await stock_of(shop, "chair") == (10, 3)


async def test_a_doubt_is_as_old_as_its_first_moment(shop: Shop, connection: AsyncConnection) -> None:
    (lost,) = await allocated(shop, 1)
    await check(shop, [])
    await let_pass(connection, seconds=301)

    await check(shop, [])

    assert await told_of(connection) == [str(lost.order_id)]


async def test_a_cancellation_that_was_only_late_is_not_told(shop: Shop, connection: AsyncConnection) -> None:
    (late,) = await allocated(shop, 1)
    await check(shop, [])
    await shop(events.release_stock, OrderCancelled(order=an_order(late, a_buyer(), version=2), reason="late"))

    await let_pass(connection, seconds=301)

    assert await drift(connection) == []
    assert await check(shop, []) == []


async def test_an_order_that_needs_its_goods_after_all_is_no_longer_told(
    shop: Shop, connection: AsyncConnection
) -> None:
    (order,) = await allocated(shop, 1)
    await check(shop, [])
    await let_pass(connection, seconds=301)

    await check(shop, [order.order_id])

    assert await drift(connection) == []


async def test_holds_that_no_order_has_confirmed_are_not_asked_about(shop: Shop) -> None:
    await holding(shop, 1)

    assert await check(shop, []) == []


async def test_nothing_is_doubted_while_orders_cannot_answer(shop: Shop, connection: AsyncConnection) -> None:
    await allocated(shop, 1)
    shop.ask = answering(FindUnshippedOrders=Unavailable())

    with pytest.raises(Unavailable):
        await shop(check_allocations, CheckAllocations())

    await let_pass(connection, seconds=301)
    assert await drift(connection) == []


async def test_a_round_goes_on_where_the_last_page_ended_and_then_begins_anew(
    shop: Shop, connection: AsyncConnection
) -> None:
    orders = sorted(new_id() for _ in range(1201))
    await connection.execute(
        text("INSERT INTO holds (order_id, state) VALUES (:id, 'allocated')"), [{"id": id_} for id_ in orders]
    )

    asked = [question for _ in range(4) for question in await check(shop, orders)]

    assert [question.ids for question in asked] == [orders[:500], orders[500:1000], orders[1000:], orders[:500]]


async def test_a_round_that_ends_with_a_full_page_begins_anew(shop: Shop, connection: AsyncConnection) -> None:
    orders = sorted(new_id() for _ in range(500))
    await connection.execute(
        text("INSERT INTO holds (order_id, state) VALUES (:id, 'allocated')"), [{"id": id_} for id_ in orders]
    )

    asked = [await check(shop, orders) for _ in range(3)]

    assert [[question.ids for question in run] for run in asked] == [[orders], [], [orders]]


async def test_an_order_cancelled_while_orders_are_asked_is_not_doubted(
    shop: Shop, connection: AsyncConnection
) -> None:
    (late,) = await allocated(shop, 1)

    async def ask(_: Any) -> UnshippedOrders:
        await shop(events.release_stock, OrderCancelled(order=an_order(late, a_buyer(), version=2), reason="late"))
        return UnshippedOrders(ids=[])

    shop.ask = ask
    await shop(check_allocations, CheckAllocations())

    assert (await connection.execute(text("SELECT doubted_at FROM holds"))).scalar_one() is None


@pytest.mark.parametrize("holds", [1, 400])
async def test_a_page_takes_three_statements_whatever_it_holds(
    shop: Shop, connection: AsyncConnection, statements: list[str], holds: int
) -> None:
    await connection.execute(
        text("INSERT INTO holds (order_id, state) VALUES (:id, 'allocated')"), [{"id": new_id()} for _ in range(holds)]
    )
    statements.clear()

    await check(shop, [])

    assert len(statements) == 3, statements
