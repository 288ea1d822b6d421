from typing import Any

import pytest
from sqlalchemy import select, update

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.queries import get_order, get_order_history
from services.orders.invariants import ALL
from services.orders.models import Order, OrderLine
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BOB_HIMSELF, CLERK, NANCY, OLAF
from services.orders.tests.test_record_payment import pay
from shared.contracts.orders.orders import (
    CancelOrder,
    GetOrder,
    GetOrderHistory,
    IllegalTransition,
    OrderCancelled,
    OrderNotFound,
)
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentStatus
from shared.kernel.ids import new_id
from shared.testing import agent, customer


def cancelling(order: Any) -> CancelOrder:
    return CancelOrder(id=order.id, reason="too late")


async def test_staff_cancel_an_order(desk: Desk) -> None:
    order = await desk.place(("chair", 2), ("book", 1))

    cancelled = await desk(cancel_order, cancelling(order))

    assert (cancelled.status, cancelled.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.VOIDED)
    assert (cancelled.fulfilment_status, cancelled.label) == (FulfilmentStatus.UNFULFILLED, "Annulée")
    assert (cancelled.version, cancelled.total, cancelled.lines) == (2, order.total, order.lines)
    told = desk.emitted[-1]
    assert isinstance(told, OrderCancelled)
    assert (told.reason, told.order.status, told.order.version) == ("too late", "cancelled", 2)
    assert [line.sku for line in told.order.lines] == ["chair", "book"]
    assert await desk(get_order, GetOrder(id=order.id)) == cancelled


async def test_the_history_says_who_cancelled_and_why(desk: Desk) -> None:
    order = await desk.place(actor=NANCY)
    await desk(cancel_order, cancelling(order), CLERK)

    entries = (await desk(get_order_history, GetOrderHistory(id=order.id))).items

    assert [(entry.axis, entry.before, entry.after, entry.reason) for entry in entries] == [
        ("order", None, "confirmed", None),
        ("order", "confirmed", "cancelled", "too late"),
        ("payment", "awaiting", "voided", "too late"),
    ]
    assert [entry.actor.id for entry in entries] == [NANCY.id, CLERK.id, CLERK.id]


async def test_every_unit_of_a_cancelled_order_is_cancelled(desk: Desk) -> None:
    order = await desk.place(("chair", 2), ("book", 1))
    await desk(cancel_order, cancelling(order))

    async with desk.work_as(CLERK).look() as session:
        lines = (await session.scalars(select(OrderLine).where(OrderLine.order_id == order.id))).all()
    assert [line.cancelled for line in lines] == [line.quantity for line in lines]


async def test_an_order_is_cancelled_only_once(desk: Desk) -> None:
    order = await desk.place()
    await desk(cancel_order, cancelling(order))

    with pytest.raises(IllegalTransition) as refused:
        await desk(cancel_order, cancelling(order))

    assert refused.value.details == {"from": "cancelled", "to": "cancelled", "allowed": []}


async def test_a_customer_cancels_their_own_order_while_it_is_unpaid(desk: Desk) -> None:
    order = await desk.place()
    cancelled = await desk(cancel_order, cancelling(order), BOB_HIMSELF)
    assert cancelled.status is OrderStatus.CANCELLED

    paid = await desk.place()
    await pay(desk, paid, "10")
    with pytest.raises(IllegalTransition, match="EUR came in for this order already"):
        await desk(cancel_order, cancelling(paid), BOB_HIMSELF)


async def test_another_customers_order_is_not_there_to_be_cancelled(desk: Desk) -> None:
    order = await desk.place()

    for stranger in (customer(new_id()), OLAF, agent(new_id())):
        with pytest.raises(OrderNotFound):
            await desk(cancel_order, cancelling(order), stranger)


async def test_a_paid_order_cancelled_by_staff_stays_paid_until_it_is_refunded(desk: Desk) -> None:
    order = await desk.place()
    await pay(desk, order, "120")

    cancelled = await desk(cancel_order, cancelling(order))

    assert (cancelled.status, cancelled.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert cancelled.paid == order.total


async def test_nobody_cancels_what_has_left(desk: Desk) -> None:
    order = await desk.place()
    work = desk.work_as(CLERK)
    await work.session.execute(update(OrderLine).values(shipped=1))
    await work.session.execute(update(Order).values(fulfilment_status=FulfilmentStatus.PARTIALLY_SHIPPED))
    await work.session.commit()

    for actor in (CLERK, BOB_HIMSELF):
        with pytest.raises(IllegalTransition, match="return"):
            await desk(cancel_order, cancelling(order), actor)


@pytest.mark.parametrize("lines", [("chair",), ("chair", "book", "pen", "desk")])
async def test_a_cancellation_takes_six_statements_whatever_the_order_holds(
    desk: Desk, statements: list[str], lines: tuple[str, ...]
) -> None:
    # Two more are the hall's.
    order = await desk.place(*((sku, 2) for sku in lines))

    statements.clear()
    await desk(cancel_order, cancelling(order))

    assert len(statements) == 6, statements


async def test_what_was_cancelled_holds_together(desk: Desk) -> None:
    paid = await desk.place()
    await pay(desk, paid, "120")
    for order in (paid, await desk.place(), await desk.place(("gift", 1))):
        await desk(cancel_order, cancelling(order))

    async with desk.work_as(CLERK).look() as session:
        assert [drift for invariant in ALL for drift in await invariant(session)] == []
