"""Orders without the goods they need: found by asking, told once no event on its way can explain them."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.handlers.jobs.holds import CheckOrders, check_orders
from services.catalog.tests.samples import Shop, a_buyer, an_order, drift
from services.catalog.tests.test_jobs import holding
from shared.contracts.orders.orders import OrderConfirmed
from shared.contracts.orders.standing import ASKED_AT_ONCE, FindOrdersToShip, OrdersToShip
from shared.kernel.ids import new_id
from shared.kernel.problems import Unavailable
from shared.testing import answering


async def check(shop: Shop, standing: Sequence[UUID]) -> FindOrdersToShip:
    """Run the job once, with these orders to be shipped; return what it asked."""

    def page(asked: FindOrdersToShip) -> OrdersToShip:
        beyond = sorted(id_ for id_ in standing if asked.after is None or id_ > asked.after)
        return OrdersToShip(ids=beyond[:ASKED_AT_ONCE])

    shop.ask = answering(FindOrdersToShip=page)
    await shop(check_orders, CheckOrders())
    (asked,) = shop.ask.requests
    assert isinstance(asked, FindOrdersToShip)
    return asked


async def let_pass(connection: AsyncConnection, seconds: int) -> None:
    await connection.execute(
        text("UPDATE missed_allocations SET missed_at = missed_at - make_interval(secs => :seconds)"),
        {"seconds": seconds},
    )


async def told_of(connection: AsyncConnection) -> list[str]:
    """Return the orders that drift names."""
    return [sentence.split()[1] for sentence in await drift(connection)]


async def test_an_order_without_its_goods_is_told_once_its_events_have_had_their_time(
    shop: Shop, connection: AsyncConnection
) -> None:
    kept, held = await holding(shop, 1, 2)
    await shop(events.allocate_stock, OrderConfirmed(order=an_order(kept, a_buyer())))
    unknown = new_id()

    await check(shop, [kept.order_id, held.order_id, unknown])
    await let_pass(connection, seconds=4 * 60)
    assert await told_of(connection) == []

    await let_pass(connection, seconds=61)
    assert sorted(await told_of(connection)) == sorted([str(held.order_id), str(unknown)])


async def test_a_miss_is_as_old_as_its_first_moment(shop: Shop, connection: AsyncConnection) -> None:
    lost = new_id()
    await check(shop, [lost])
    await let_pass(connection, seconds=301)

    await check(shop, [lost])

    assert await told_of(connection) == [str(lost)]


async def test_goods_that_were_only_late_are_not_told(shop: Shop, connection: AsyncConnection) -> None:
    (late,) = await holding(shop, 1)
    await check(shop, [late.order_id])
    await let_pass(connection, seconds=301)

    await shop(events.allocate_stock, OrderConfirmed(order=an_order(late, a_buyer())))

    assert await drift(connection) == []
    await check(shop, [late.order_id])
    assert (await connection.execute(text("SELECT count(*) FROM missed_allocations"))).scalar_one() == 0


async def test_an_order_that_is_cancelled_is_missed_no_longer(shop: Shop, connection: AsyncConnection) -> None:
    before, gone, after = sorted(new_id() for _ in range(3))
    await check(shop, [before, gone, after])
    await let_pass(connection, seconds=301)

    await check(shop, [before, after])
    assert sorted(await told_of(connection)) == sorted([str(before), str(after)])

    await check(shop, [])
    assert await drift(connection) == []


async def test_nothing_is_missed_while_orders_cannot_answer(shop: Shop, connection: AsyncConnection) -> None:
    await check(shop, [new_id()])
    shop.ask = answering(FindOrdersToShip=Unavailable())

    with pytest.raises(Unavailable):
        await shop(check_orders, CheckOrders())

    assert (await connection.execute(text("SELECT count(*) FROM missed_allocations"))).scalar_one() == 1


async def test_a_round_goes_on_where_the_last_page_ended_and_then_begins_anew(
    shop: Shop, connection: AsyncConnection
) -> None:
    orders = sorted(new_id() for _ in range(ASKED_AT_ONCE + 3))

    asked = [await check(shop, orders) for _ in range(3)]
    await let_pass(connection, seconds=301)

    assert [question.after for question in asked] == [None, orders[ASKED_AT_ONCE - 1], None]
    assert len(await told_of(connection)) == len(orders)


async def test_a_page_leaves_the_misses_of_other_pages_alone(shop: Shop, connection: AsyncConnection) -> None:
    orders = sorted(new_id() for _ in range(ASKED_AT_ONCE + 1))
    await check(shop, orders)
    await check(shop, orders)

    await check(shop, orders[:ASKED_AT_ONCE])  # the first page again; the last order has not been asked about

    count = (await connection.execute(text("SELECT count(*) FROM missed_allocations"))).scalar_one()
    assert count == len(orders)


@pytest.mark.parametrize("orders", [1, 400])
async def test_a_page_takes_four_statements_whatever_it_holds(shop: Shop, statements: list[str], orders: int) -> None:
    await check(shop, [new_id() for _ in range(orders)])

    assert len(statements) == 4, statements
