"""Requests that meet: each on a connection of its own, one held back until the other waits for its lock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.orders.handlers.commands.orders import cancel_order, place_order
from services.orders.handlers.commands.payments import record_payment
from services.orders.handlers.queries import get_order, list_payments
from services.orders.invariants import ALL
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import ACCOUNTANT, BOB, BOB_HIMSELF, CLERK, NANCY, euros, held
from services.orders.tests.test_record_payment import DAY
from shared.contracts.actor import Actor
from shared.contracts.orders.orders import CancelOrder, GetOrder, IllegalTransition, NewLine, OrderConfirmed, PlaceOrder
from shared.contracts.orders.payments import ListPayments, RecordPayment
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler
from shared.testing import answering, eventually

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = 'orders' AND wait_event_type = 'Lock'")
Meeting = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def meeting(open_desk: Desk, database: AsyncEngine) -> Meeting:
    """Return a way to have one request done but not committed, a second one waiting for it, and then both ended."""

    async def waits() -> None:
        async with database.connect() as onlooker:
            assert await onlooker.scalar(WAITING) == 1

    async def meet(first: tuple[Handler, Any, Actor], second: tuple[Handler, Any, Actor]) -> list[Any]:
        handler, message, actor = first
        work = open_desk.work_as(actor, request_key=str(new_id()))
        replied = await handler(message, work)
        late = asyncio.create_task(open_desk(*second))
        await eventually(waits)
        await work.session.commit()
        await work.session.close()
        open_desk.emitted.extend(work.emitted)
        return [replied, *await asyncio.gather(late, return_exceptions=True)]

    return meet


async def drifts(desk: Desk) -> list[str]:
    async with desk.work_as(CLERK).look() as session:
        return [drift for invariant in ALL for drift in await invariant(session)]


def paying(order: Any, amount: str = "120") -> tuple[Handler, Any, Actor]:
    transfer = RecordPayment(order_id=order.id, amount=euros(amount), value_date=DAY, reference="VIR 1")
    return record_payment, transfer, ACCOUNTANT


def cancelling(order: Any, actor: Actor = CLERK) -> tuple[Handler, Any, Actor]:
    return cancel_order, CancelOrder(id=order.id, reason="late"), actor


async def test_two_cancellations_at_once_are_one(open_desk: Desk, meeting: Meeting) -> None:
    order = await open_desk.place()

    won, lost = await meeting(cancelling(order), cancelling(order, BOB_HIMSELF))

    assert won.status is OrderStatus.CANCELLED
    assert isinstance(lost, IllegalTransition)
    assert len(open_desk.emitted) == 2  # confirmed, cancelled
    assert await drifts(open_desk) == []


async def test_the_same_payment_twice_at_once_is_one(open_desk: Desk, meeting: Meeting) -> None:
    order = await open_desk.place()

    first, second = await meeting(paying(order), paying(order))

    assert first == second
    assert len((await open_desk(list_payments, ListPayments(order_id=order.id))).items) == 1
    assert len(open_desk.emitted) == 3  # confirmed, recorded, paid
    assert await drifts(open_desk) == []


async def test_ST5_a_payment_that_meets_a_cancellation_is_refused(open_desk: Desk, meeting: Meeting) -> None:
    order = await open_desk.place()

    cancelled, refused = await meeting(cancelling(order), paying(order))

    assert (cancelled.status, cancelled.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.VOIDED)
    assert isinstance(refused, IllegalTransition)
    assert (await open_desk(get_order, GetOrder(id=order.id))).paid == euros("0")
    assert await drifts(open_desk) == []


async def test_ST5_a_customers_cancellation_that_meets_a_payment_is_refused(open_desk: Desk, meeting: Meeting) -> None:
    order = await open_desk.place()

    paid, refused = await meeting(paying(order), cancelling(order, BOB_HIMSELF))

    assert paid.payment_status is PaymentStatus.PAID
    assert isinstance(refused, IllegalTransition)
    assert (await open_desk(get_order, GetOrder(id=order.id))).status is OrderStatus.CONFIRMED
    assert await drifts(open_desk) == []


async def test_ST5_staff_who_cancel_what_is_being_paid_keep_the_money_on_the_books(
    open_desk: Desk, meeting: Meeting
) -> None:
    order = await open_desk.place()

    _, cancelled = await meeting(paying(order), cancelling(order))

    assert (cancelled.status, cancelled.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert cancelled.paid == euros("120")
    assert await drifts(open_desk) == []


async def test_of_two_payments_that_together_are_too_much_one_is_refused(open_desk: Desk, meeting: Meeting) -> None:
    order = await open_desk.place()

    first, second = await meeting(paying(order, "70"), paying(order, "70.00"))
    assert first == second

    third, fourth = await meeting(paying(order, "30"), paying(order, "30.01"))
    assert third.paid == euros("100")
    assert "owes 20.00 EUR" in fourth.detail
    assert await drifts(open_desk) == []


async def test_twins_of_one_key_make_one_order(open_desk: Desk) -> None:
    placing = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku="chair", quantity=1)])
    both_asked = asyncio.Barrier(2)

    async def held_together(hold: Any) -> Any:
        await both_asked.wait()
        return held(hold)

    async def ask(request: Any, /, *, key: str | None = None) -> Any:
        return await held_together(request)

    open_desk.ask = ask
    twins = (open_desk(place_order, placing, NANCY, request_key="k1") for _ in range(2))
    answers = await asyncio.gather(*twins, return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "OrderView"]
    assert [type(event) for event in open_desk.emitted] == [OrderConfirmed]
    assert await drifts(open_desk) == []


async def test_many_placements_at_once_are_as_many_orders(open_desk: Desk) -> None:
    open_desk.ask = answering(HoldItems=held)

    placed = await asyncio.gather(*(open_desk.place(actor=NANCY) for _ in range(12)))

    assert len({order.number for order in placed}) == 12
    assert len(open_desk.emitted) == 12
    assert await drifts(open_desk) == []
