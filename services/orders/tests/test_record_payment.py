from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.commands.payments import record_payment
from services.orders.handlers.queries import get_order, get_order_history, list_payments
from services.orders.invariants import ALL
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import ACCOUNTANT, CLERK, euros
from shared.contracts.orders.orders import CancelOrder, GetOrder, GetOrderHistory, IllegalTransition, OrderNotFound
from shared.contracts.orders.payments import ListPayments, OrderPaid, OverPayment, PaymentRecorded, RecordPayment
from shared.contracts.orders.states import PaymentStatus
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.problems import Malformed

DAY = date(2026, 11, 20)


async def pay(desk: Desk, order: Any, amount: str, reference: str = "VIR 1", **changes: Any) -> Any:
    transfer = RecordPayment(order_id=order.id, amount=euros(amount), value_date=DAY, reference=reference)
    return await desk(record_payment, transfer.model_copy(update=changes), ACCOUNTANT)


async def test_a_transfer_of_the_whole_sum_pays_the_order(desk: Desk) -> None:
    order = await desk.place()
    desk.emitted.clear()

    paid = await pay(desk, order, "120")

    assert (paid.payment_status, paid.paid, paid.label) == (PaymentStatus.PAID, euros("120"), "Paiement reçu")
    assert paid.version == order.version + 1
    recorded, settled = desk.emitted
    assert isinstance(recorded, PaymentRecorded)
    assert isinstance(settled, OrderPaid)
    assert recorded.order == settled.order
    assert (settled.order.payment_status, settled.order.version) == (PaymentStatus.PAID, 2)
    assert (recorded.payment.amount, recorded.payment.recorded_by.id) == (euros("120"), ACCOUNTANT.id)
    assert await desk(get_order, GetOrder(id=order.id)) == paid


async def test_an_order_is_paid_in_parts_and_said_to_be_paid_once(desk: Desk) -> None:
    order = await desk.place()

    first = await pay(desk, order, "50", "VIR 1")
    second = await pay(desk, order, "50", "VIR 2")
    third = await pay(desk, order, "20", "VIR 3")

    assert [step.payment_status for step in (first, second, third)] == ["partially_paid", "partially_paid", "paid"]
    assert [type(event) for event in desk.emitted[1:]] == [*[PaymentRecorded] * 3, OrderPaid]
    ledger = (await desk(list_payments, ListPayments(order_id=order.id))).items
    assert [(entry.reference, entry.amount) for entry in ledger] == [
        ("VIR 1", euros("50")),
        ("VIR 2", euros("50")),
        ("VIR 3", euros("20")),
    ]
    history = (await desk(get_order_history, GetOrderHistory(id=order.id))).items
    assert [(entry.axis, entry.before, entry.after, entry.reason) for entry in history[1:]] == [
        ("payment", "awaiting", "partially_paid", "VIR 1"),
        ("payment", "partially_paid", "partially_paid", "VIR 2"),
        ("payment", "partially_paid", "paid", "VIR 3"),
    ]
    assert history[1].actor.id == ACCOUNTANT.id


async def test_the_same_transfer_entered_again_under_another_key_changes_nothing(desk: Desk) -> None:
    order = await desk.place()
    once = await pay(desk, order, "120")
    told = len(desk.emitted)

    again = await pay(desk, order, "120")

    assert again == once
    assert len(desk.emitted) == told
    assert len((await desk(list_payments, ListPayments(order_id=order.id))).items) == 1


async def test_another_day_or_amount_is_another_transfer(desk: Desk) -> None:
    order = await desk.place()
    await pay(desk, order, "40")
    await pay(desk, order, "40", value_date=date(2026, 11, 21))
    paid = await pay(desk, order, "39.99")

    assert paid.paid == euros("119.99")


async def test_more_than_the_order_owes_is_refused_and_leaves_no_trace(desk: Desk) -> None:
    order = await desk.place()
    await pay(desk, order, "100")

    with pytest.raises(OverPayment) as refused:
        await pay(desk, order, "20.01")

    assert refused.value.details["owed"] == {"amount": "20.00", "currency": "EUR"}
    assert (await desk(get_order, GetOrder(id=order.id))).version == 2


async def test_money_in_another_currency_or_none_is_refused(desk: Desk) -> None:
    order = await desk.place()
    dollar = Money(Decimal(1), "USD")
    in_dollars = RecordPayment(order_id=order.id, amount=dollar, value_date=DAY, reference="VIR 1")

    with pytest.raises(Malformed) as dollars:
        await desk(record_payment, in_dollars, ACCOUNTANT)
    with pytest.raises(Malformed):
        await pay(desk, order, "0")
    with pytest.raises(Malformed):
        await pay(desk, order, "-5")

    assert dollars.value.errors[0].pointer == "/amount/currency"


async def test_a_cancelled_order_takes_no_payment(desk: Desk) -> None:
    order = await desk.place()
    await desk(cancel_order, CancelOrder(id=order.id, reason="late"))

    with pytest.raises(IllegalTransition):
        await pay(desk, order, "120")


async def test_a_transfer_entered_before_the_cancellation_is_still_the_same_transfer(desk: Desk) -> None:
    order = await desk.place()
    await pay(desk, order, "120")
    cancelled = await desk(cancel_order, CancelOrder(id=order.id, reason="late"))

    assert await pay(desk, order, "120") == cancelled
    with pytest.raises(IllegalTransition):
        await pay(desk, order, "1", "VIR 2")


async def test_there_is_no_payment_for_an_order_nobody_placed(desk: Desk) -> None:
    with pytest.raises(OrderNotFound):
        await desk(record_payment, RecordPayment(order_id=new_id(), amount=euros("1"), value_date=DAY, reference="V"))
    with pytest.raises(OrderNotFound):
        await desk(list_payments, ListPayments(order_id=new_id()))


@pytest.mark.parametrize("lines", [("chair",), ("chair", "book", "pen", "desk")])
async def test_a_payment_takes_eight_statements_whatever_the_order_holds(
    desk: Desk, statements: list[str], lines: tuple[str, ...]
) -> None:
    # Two more are the hall's.
    order = await desk.place(*((sku, 2) for sku in lines))

    statements.clear()
    await pay(desk, order, str(order.total.amount))

    assert len(statements) == 8, statements


async def test_what_was_paid_holds_together(desk: Desk) -> None:
    order = await desk.place()
    await pay(desk, order, "50")
    await pay(desk, await desk.place(), "120")

    async with desk.work_as(CLERK).look() as session:
        assert [drift for invariant in ALL for drift in await invariant(session)] == []
