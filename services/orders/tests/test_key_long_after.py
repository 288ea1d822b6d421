"""An idempotency key that comes back when the inbox has forgotten it: here nobody asks an inbox at all."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from services.orders.handlers.commands.orders import cancel_order, place_order
from services.orders.handlers.commands.payments import record_payment
from services.orders.handlers.queries import list_payments
from services.orders.models import Order
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import ACCOUNTANT, BOB, CLERK, NANCY, euros
from shared.contracts.orders.orders import CancelOrder, NewLine, OrderView, PlaceOrder
from shared.contracts.orders.payments import ListPayments, RecordPayment
from shared.kernel.problems import IdempotencyMismatch

CHAIR = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku="chair", quantity=1)])
TABLE = PlaceOrder(customer_id=BOB.id, lines=[NewLine(sku="desk", quantity=1)])
KEY: dict[str, Any] = {"request_key": "k1"}


async def placed(desk: Desk, command: PlaceOrder, digest: bytes | None, **origin: Any) -> OrderView:
    order: OrderView = await desk(place_order, command, NANCY, digest=digest, **KEY | origin)
    return order


async def test_the_same_body_gets_the_order_that_exists(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")

    again = await placed(desk, CHAIR, b"chair")

    assert again == first
    assert (len(desk.emitted), len(desk.ask.requests)) == (1, 1)


async def test_another_body_is_refused_and_holds_nothing(desk: Desk) -> None:
    await placed(desk, CHAIR, b"chair")

    with pytest.raises(IdempotencyMismatch):
        await placed(desk, TABLE, b"table")

    assert (len(desk.emitted), len(desk.ask.requests), desk.undo) == (1, 1, [])


async def test_another_key_and_another_caller_are_other_orders(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")
    other_key = await placed(desk, TABLE, b"table", request_key="k2")
    other_caller = await desk(place_order, TABLE, CLERK, digest=b"table", **KEY)

    assert len({first.id, other_key.id, other_caller.id}) == 3


async def test_an_order_from_before_digests_were_kept_is_answered_whatever_the_body(desk: Desk) -> None:
    first = await placed(desk, CHAIR, b"chair")
    work = desk.work_as()
    await work.session.execute(update(Order).where(Order.id == first.id).values(request_digest=None))
    await work.session.commit()
    await work.session.close()

    assert await placed(desk, TABLE, b"table") == first


def transfer(order: OrderView, amount: str) -> RecordPayment:
    return RecordPayment(order_id=order.id, amount=euros(amount), value_date=date(2026, 11, 20), reference="VIR 1")


async def paid(desk: Desk, command: RecordPayment, digest: bytes, **origin: Any) -> OrderView:
    order: OrderView = await desk(record_payment, command, ACCOUNTANT, digest=digest, **KEY | origin)
    return order


async def amounts(desk: Desk, order: OrderView) -> list[str]:
    entries = (await desk(list_payments, ListPayments(order_id=order.id))).items
    return [str(entry.amount.amount) for entry in entries]


async def test_the_same_payment_again_gets_the_order_as_it_stands_now(desk: Desk) -> None:
    order = await desk.place()
    await paid(desk, transfer(order, "50"), b"50")
    cancelled = await desk(cancel_order, CancelOrder(id=order.id, reason="late"))
    told = len(desk.emitted)

    assert await paid(desk, transfer(order, "50"), b"50") == cancelled
    assert (len(desk.emitted), await amounts(desk, order)) == (told, ["50.00"])


@pytest.mark.parametrize("amount", ["20", "0", "500"])
async def test_another_payment_under_the_key_is_refused_for_its_key_before_all_else(desk: Desk, amount: str) -> None:
    order, other = await desk.place(), await desk.place()
    await paid(desk, transfer(order, "50"), b"50")

    with pytest.raises(IdempotencyMismatch):
        await paid(desk, transfer(order, amount), b"another amount")
    with pytest.raises(IdempotencyMismatch):
        await paid(desk, transfer(other, "50"), b"another order")

    assert (await amounts(desk, order), await amounts(desk, other)) == (["50.00"], [])


async def test_another_key_is_another_payment_unless_the_transfer_is_the_same(desk: Desk) -> None:
    order = await desk.place()
    once = await paid(desk, transfer(order, "50"), b"50")

    assert await paid(desk, transfer(order, "50"), b"50", request_key="k2") == once
    await paid(desk, transfer(order, "20"), b"20", request_key="k3")

    assert await amounts(desk, order) == ["50.00", "20.00"]
