"""The sweeper: it frees what no order came to need, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.handlers.jobs.holds import SweepHolds, sweep_holds
from services.catalog.tests.samples import Shop, a_buyer, a_hold, a_line, an_order, drift, stock_of
from shared.contracts.catalog.stock import HeldQuote
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.standing import ExistingOrders
from shared.kernel.problems import Unavailable
from shared.testing import answering


async def holding(shop: Shop, *quantities: int) -> list[HeldQuote]:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=10)
    return [await shop.holds(a_hold(buyer, a_line("chair", quantity))) for quantity in quantities]


async def let_pass(connection: AsyncConnection, *quotes: HeldQuote, minutes: int = 6) -> None:
    for quote in quotes:
        await connection.execute(
            text("UPDATE holds SET expires_at = expires_at - make_interval(mins => :minutes) WHERE order_id = :id"),
            {"minutes": minutes, "id": quote.order_id},
        )


async def states(connection: AsyncConnection) -> dict[Any, str]:
    return dict(tuple(row) for row in await connection.execute(text("SELECT order_id, state FROM holds")))


async def test_holds_past_their_end_are_freed_or_kept_as_orders_say(shop: Shop, connection: AsyncConnection) -> None:
    lost, standing, young = await holding(shop, 1, 2, 4)
    await let_pass(connection, lost, standing)
    shop.ask = answering(FindExistingOrders=ExistingOrders(ids=[standing.order_id]))

    await shop(sweep_holds, SweepHolds())

    assert await states(connection) == {
        lost.order_id: "released",
        standing.order_id: "allocated",
        young.order_id: "held",
    }
    assert await stock_of(shop, "chair") == (10, 6)
    assert await drift(connection) == []
    (question,) = shop.ask.requests
    assert set(question.ids) == {lost.order_id, standing.order_id}


async def test_nothing_is_freed_while_orders_cannot_answer(shop: Shop, connection: AsyncConnection) -> None:
    (lost,) = await holding(shop, 3)
    await let_pass(connection, lost)
    shop.ask = answering(FindExistingOrders=Unavailable())

    with pytest.raises(Unavailable):
        await shop(sweep_holds, SweepHolds())

    assert await states(connection) == {lost.order_id: "held"}
    assert await stock_of(shop, "chair") == (10, 3)


async def test_orders_are_not_asked_about_nothing(shop: Shop) -> None:
    await holding(shop, 3)

    await shop(sweep_holds, SweepHolds())

    assert shop.ask.requests == []


async def test_a_hold_that_is_confirmed_while_orders_are_asked_is_left_alone(
    shop: Shop, connection: AsyncConnection
) -> None:
    (quote,) = await holding(shop, 3)
    await let_pass(connection, quote)
    order = an_order(quote, a_buyer())

    async def ask(request: Any) -> ExistingOrders:
        await shop(events.allocate_stock, OrderConfirmed(order=order))
        return ExistingOrders(ids=[])

    shop.ask = ask
    await shop(sweep_holds, SweepHolds())

    assert await states(connection) == {quote.order_id: "allocated"}
    assert await stock_of(shop, "chair") == (10, 3)


async def test_an_order_kept_by_the_sweeper_is_confirmed_and_cancelled_as_any_other(
    shop: Shop, connection: AsyncConnection
) -> None:
    (quote,) = await holding(shop, 3)
    await let_pass(connection, quote)
    shop.ask = answering(FindExistingOrders=ExistingOrders(ids=[quote.order_id]))
    await shop(sweep_holds, SweepHolds())

    await shop(events.allocate_stock, OrderConfirmed(order=an_order(quote, a_buyer())))
    assert await stock_of(shop, "chair") == (10, 3)
    await shop(events.release_stock, OrderCancelled(order=an_order(quote, a_buyer(), version=2), reason="late"))

    assert await stock_of(shop, "chair") == (10, 0)
    assert await drift(connection) == []


def test_the_sweeper_comes_by_twice_a_minute() -> None:
    assert SweepHolds.every == 30
