"""Each invariant notices the drift it is there for."""

from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders import invariants
from services.orders.models import Order, OrderLine
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import CLERK
from services.orders.tests.test_record_payment import pay
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentStatus
from shared.kernel.ids import new_id

ORDERS, LINES = Order.__table__, OrderLine.__table__
WRONG: list[tuple[Any, Any, str]] = [
    (invariants.totals_add_up, update(LINES).values(net_amount=1), "does not add up"),
    (
        invariants.vat_is_rounded_once_per_rate,
        update(LINES).values(tax_amount=LINES.c.tax_amount + 1),
        "bears 21.0000 of VAT at 20.0000 % of 100.0000",
    ),
    (
        invariants.payment_is_what_the_ledger_says,
        update(Order).values(payment_status=PaymentStatus.PAID),
        "says paid with 20.00 EUR paid, its ledger partially_paid with 20.00 EUR",
    ),
    (
        invariants.payment_is_what_the_ledger_says,
        update(ORDERS).values(paid_amount=30),
        "says partially_paid with 30.00 EUR paid, its ledger partially_paid with 20.00 EUR",
    ),
    (
        invariants.fulfilment_is_what_the_counters_say,
        update(LINES).values(shipped=2),
        "says unfulfilled, its units shipped",
    ),
    (
        invariants.fulfilment_is_what_the_counters_say,
        update(Order).values(fulfilment_status=FulfilmentStatus.DELIVERED),
        "says delivered, its units unfulfilled",
    ),
    (invariants.every_order_has_lines_and_a_first_move, delete(LINES), "has no lines"),
    (
        invariants.orders_stand_where_their_history_ends,
        update(Order).values(status=OrderStatus.PROCESSING),
        "says processing, its history confirmed",
    ),
]


@pytest.mark.parametrize(("invariant", "tampering", "sentence"), WRONG)
async def test_a_drift_is_told_in_a_sentence(desk: Desk, invariant: Any, tampering: Any, sentence: str) -> None:
    order = await desk.place(("chair", 2))
    await pay(desk, order, "20")
    work = desk.work_as(CLERK)
    assert await invariant(work.session) == []

    await work.session.execute(tampering.execution_options(synchronize_session=False))

    [drift] = await invariant(work.session)
    assert f"{order.number}" in drift
    assert sentence in drift


async def test_an_order_without_a_beginning_is_noticed(desk: Desk) -> None:
    order = await desk.place()
    work = desk.work_as(CLERK)
    columns = ", ".join(column.name for column in ORDERS.columns if column.name not in ("id", "number"))
    copy = f"INSERT INTO orders (id, {columns}) SELECT '{new_id()}', {columns} FROM orders WHERE id = '{order.id}'"
    await work.session.execute(text(copy))

    assert sorted(await invariants.every_order_has_lines_and_a_first_move(work.session)) == [
        f"nobody knows who placed order {order.number + 1}",
        f"order {order.number + 1} has no lines",
    ]


@pytest.mark.parametrize("table", ["payments", "order_history"])
async def test_what_was_written_down_cannot_be_changed(desk: Desk, table: str) -> None:
    session: AsyncSession = desk.work_as(CLERK).session

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET order_id = order_id"):
        async with session.begin_nested() as attempt:
            with pytest.raises(Exception, match="permission denied"):
                await session.execute(text(statement))
            await attempt.rollback()
