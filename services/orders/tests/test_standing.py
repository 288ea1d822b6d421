"""What catalog asks before it frees or doubts what it keeps: which orders stand, and which still need their goods."""

from decimal import Decimal
from typing import Any

from sqlalchemy import update

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.queries import find_existing_orders, find_orders_to_ship, find_unshipped_orders
from services.orders.models import OrderLine
from services.orders.tests.conftest import Desk
from shared.contracts.orders.orders import CancelOrder, OrderView
from shared.contracts.orders.standing import FindExistingOrders, FindOrdersToShip, FindUnshippedOrders
from shared.kernel.ids import new_id


async def cancelled(desk: Desk) -> OrderView:
    order = await desk.place()
    await desk(cancel_order, CancelOrder(id=order.id, reason="changed my mind"))
    return order


async def shipped(desk: Desk, *lines: tuple[str, int], of_each: int) -> OrderView:
    order = await desk.place(*lines)
    work = desk.work_as()
    leaving: Any = update(OrderLine).where(OrderLine.order_id == order.id).values(shipped=Decimal(of_each))
    await work.session.execute(leaving)
    await work.session.commit()
    await work.session.close()
    return order


async def test_a_cancelled_order_no_longer_stands(desk: Desk) -> None:
    kept, gone = await desk.place(), await cancelled(desk)

    found = await desk(find_existing_orders, FindExistingOrders(ids=[kept.id, gone.id, new_id()]))

    assert found.ids == [kept.id]


async def test_goods_are_needed_until_an_order_is_cancelled_or_the_last_of_it_has_left(desk: Desk) -> None:
    kept, partly = await desk.place(), await shipped(desk, ("chair", 2), ("book", 3), of_each=2)
    over = [await cancelled(desk), await shipped(desk, ("chair", 2), ("book", 2), of_each=2)]

    asked = [kept.id, partly.id, *(order.id for order in over), new_id()]
    found = await desk(find_unshipped_orders, FindUnshippedOrders(ids=asked))

    assert found.ids == sorted([kept.id, partly.id])


async def test_orders_to_be_shipped_are_told_by_id_and_without_those_that_are_over(desk: Desk) -> None:
    kept = sorted([(await desk.place()).id for _ in range(3)])
    await cancelled(desk)
    await shipped(desk, ("chair", 2), of_each=2)

    assert (await desk(find_orders_to_ship, FindOrdersToShip())).ids == kept
    assert (await desk(find_orders_to_ship, FindOrdersToShip(after=kept[0]))).ids == kept[1:]
    assert (await desk(find_orders_to_ship, FindOrdersToShip(after=kept[-1]))).ids == []
