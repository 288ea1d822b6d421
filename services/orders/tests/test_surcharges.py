"""What becomes of an order that is taken below its group's minimum, for a fee."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.queries import get_order, list_orders
from services.orders.invariants import ALL
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BOB_HIMSELF, CLERK, NANCY, euros, held
from services.orders.tests.test_record_payment import pay
from shared.contracts.orders.orders import (
    CancelOrder,
    GetOrder,
    IllegalTransition,
    ListOrders,
    NewLine,
    OrderCancelled,
    OrderConfirmed,
    OrderView,
    TaxLine,
)
from shared.contracts.orders.payments import OrderPaid, OverPayment
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.kernel.money import UnitPrice
from shared.testing import answering

LINES = [
    NewLine(sku="chair", quantity=Decimal(1), unit_price=UnitPrice(Decimal(60), "EUR")),
    NewLine(sku="book", quantity=Decimal(1), unit_price=UnitPrice(Decimal(40), "EUR")),
]
SHARES = [
    TaxLine(rate=Decimal(20), net=euros("6"), tax=euros("1.20")),
    TaxLine(rate=Decimal("5.5"), net=euros("4"), tax=euros("0.22")),
]


@pytest.fixture
def charging(desk: Desk) -> Desk:
    """Return a desk in a shop whose catalog asks ten euros for an order below the minimum."""
    desk.ask = answering(HoldItems=partial(held, surcharge=euros("10")))
    return desk


async def placed(desk: Desk) -> OrderView:
    return await desk.place(actor=NANCY, lines=LINES)


async def drifts(desk: Desk) -> list[str]:
    async with desk.work_as(CLERK).look() as session:
        return [drift for invariant in ALL for drift in await invariant(session)]


async def test_S1_the_surcharge_of_the_hold_is_part_of_the_order_and_taxed_like_shipping(charging: Desk) -> None:
    order = await placed(charging)

    assert (order.surcharge, order.surcharge_taxes) == (euros("10"), SHARES)
    assert (order.net, order.tax, order.total) == (euros("110"), euros("15.62"), euros("125.62"))
    assert order.taxes == [
        TaxLine(rate=Decimal(20), net=euros("66"), tax=euros("13.20")),
        TaxLine(rate=Decimal("5.5"), net=euros("44"), tax=euros("2.42")),
    ]
    assert await charging(get_order, GetOrder(id=order.id)) == order
    [summary] = (await charging(list_orders, ListOrders())).items
    assert (summary.surcharge, summary.net, summary.total) == (order.surcharge, order.net, order.total)
    assert await drifts(charging) == []


async def test_listeners_are_told_of_the_surcharge_apart_from_the_lines(charging: Desk) -> None:
    order = await placed(charging)

    [confirmed] = charging.emitted
    assert isinstance(confirmed, OrderConfirmed)
    told = confirmed.order
    assert (told.surcharge, told.surcharge_taxes, told.total) == (euros("10"), SHARES, order.total)
    assert [line.net for line in told.lines] == [euros("60"), euros("40")]


async def test_an_order_without_a_surcharge_says_so(desk: Desk) -> None:
    order = await desk.place()

    assert (order.surcharge, order.surcharge_taxes) == (None, [])
    assert (await desk(get_order, GetOrder(id=order.id))).surcharge is None


async def test_an_order_is_paid_when_its_surcharge_is_too(charging: Desk) -> None:
    order = await placed(charging)

    goods = await pay(charging, order, "114.20", "VIR 1")
    with pytest.raises(OverPayment) as refused:
        await pay(charging, order, "11.43", "VIR 2")
    whole = await pay(charging, order, "11.42", "VIR 2")

    assert (goods.payment_status, whole.payment_status) == (PaymentStatus.PARTIALLY_PAID, PaymentStatus.PAID)
    assert refused.value.details["owed"] == {"amount": "11.42", "currency": "EUR"}
    assert whole.paid == whole.total == euros("125.62")
    settled = charging.emitted[-1]
    assert isinstance(settled, OrderPaid)
    assert settled.order.surcharge_taxes == SHARES
    assert await drifts(charging) == []


async def test_goods_that_cost_nothing_are_not_paid_while_their_surcharge_is_not(charging: Desk) -> None:
    order = await charging.place(("gift", 1))

    assert (order.payment_status, order.total) == (PaymentStatus.AWAITING, euros("12"))
    assert await drifts(charging) == []


async def test_a_cancelled_order_still_says_what_its_surcharge_was(charging: Desk) -> None:
    order = await placed(charging)
    await pay(charging, order, "125.62")

    with pytest.raises(IllegalTransition, match="EUR came in for this order already"):
        await charging(cancel_order, CancelOrder(id=order.id, reason="late"), BOB_HIMSELF)
    cancelled = await charging(cancel_order, CancelOrder(id=order.id, reason="late"))

    assert (cancelled.status, cancelled.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert (cancelled.surcharge, cancelled.surcharge_taxes, cancelled.total) == (euros("10"), SHARES, order.total)
    told = charging.emitted[-1]
    assert isinstance(told, OrderCancelled)
    assert (told.order.paid, told.order.surcharge) == (order.total, euros("10"))
    assert await drifts(charging) == []


async def test_an_unpaid_order_with_a_surcharge_is_voided(charging: Desk) -> None:
    order = await placed(charging)

    cancelled = await charging(cancel_order, CancelOrder(id=order.id, reason="late"), BOB_HIMSELF)

    assert (cancelled.payment_status, cancelled.paid) == (PaymentStatus.VOIDED, euros("0"))
    assert await drifts(charging) == []


async def test_a_placement_with_a_surcharge_takes_six_statements_as_without(
    charging: Desk, statements: list[str]
) -> None:
    statements.clear()
    await placed(charging)

    assert len(statements) == 6, statements


async def test_the_market_of_an_order_is_the_one_whose_prices_are_asked_for(desk: Desk) -> None:
    await desk.place(market="benelux")
    await desk.place()

    assert [hold.market for hold in desk.ask.requests] == ["benelux", None]


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("surcharge_amount = 9", "does not add up"),
        ("surcharge_taxes = '[]'", "does not add up"),
        ("surcharge_amount = NULL, surcharge_currency = NULL", "does not add up"),
        ("surcharge_taxes = jsonb_set(surcharge_taxes, '{0,tax,amount}', '\"1.30\"')", "of VAT at 20.0000 %"),
    ],
)
async def test_a_surcharge_that_drifts_is_told_in_a_sentence(charging: Desk, tampering: str, sentence: str) -> None:
    order = await placed(charging)
    work = charging.work_as(CLERK)

    await work.session.execute(text(f"UPDATE orders SET {tampering}"))

    found = [drift for invariant in ALL for drift in await invariant(work.session)]
    assert any(f"order {order.number}" in drift and sentence in drift for drift in found), found


@pytest.mark.parametrize(
    "impossible",
    ["surcharge_amount = 0", "surcharge_currency = 'USD'", "surcharge_currency = NULL", "surcharge_amount = -1"],
)
async def test_the_database_keeps_no_surcharge_that_is_none(charging: Desk, impossible: str) -> None:
    await placed(charging)
    session: Any = charging.work_as(CLERK).session

    async with session.begin_nested() as attempt:
        with pytest.raises(Exception, match="ck_orders_surcharge"):
            await session.execute(text(f"UPDATE orders SET {impossible}"))
        await attempt.rollback()
