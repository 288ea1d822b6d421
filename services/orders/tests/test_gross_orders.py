"""An order at prices with tax: what it says, what is told of it, what is paid for it."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.queries import get_order, list_orders
from services.orders.invariants import ALL
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import CLERK, NANCY, euros, held
from services.orders.tests.test_record_payment import pay
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.stock import HeldQuote
from shared.contracts.orders.orders import (
    CancelOrder,
    GetOrder,
    ListOrders,
    NewLine,
    OrderCancelled,
    OrderConfirmed,
    OrderSnapshot,
    TaxLine,
)
from shared.contracts.orders.payments import OrderPaid, OverPayment
from shared.contracts.orders.states import PaymentStatus
from shared.kernel.money import UnitPrice
from shared.testing import answering

GROSS = PriceMode.GROSS


@pytest.fixture
def retail(desk: Desk) -> Desk:
    """Return a desk in a shop whose catalog tells this customer prices with tax."""
    desk.ask = answering(HoldItems=partial(held, mode=GROSS))
    return desk


def line(sku: str, price: str, quantity: int = 1, discount: str = "0") -> NewLine:
    unit = UnitPrice(Decimal(price), "EUR")
    return NewLine(sku=sku, quantity=Decimal(quantity), unit_price=unit, discount_percent=Decimal(discount))


async def drifts(desk: Desk) -> list[str]:
    async with desk.work_as(CLERK).look() as session:
        return [drift for invariant in ALL for drift in await invariant(session)]


async def test_T2_an_order_at_gross_prices_costs_what_they_say(retail: Desk) -> None:
    order = await retail.place(actor=NANCY, lines=[line("chair", "9.99", 2)])

    assert (order.price_mode, order.total) == (GROSS, euros("19.98"))
    assert order.taxes == [TaxLine(rate=Decimal(20), net=euros("16.65"), tax=euros("3.33"))]
    [sold] = order.lines
    assert (sold.net, sold.tax, sold.gross) == (euros("16.65"), euros("3.33"), euros("19.98"))
    assert await retail(get_order, GetOrder(id=order.id)) == order
    assert await drifts(retail) == []


async def test_S2_a_gross_order_below_its_minimum_bears_a_gross_surcharge(retail: Desk) -> None:
    retail.ask = answering(HoldItems=partial(held, mode=GROSS, surcharge=euros("4.90")))

    order = await retail.place(actor=NANCY, lines=[line("chair", "9.99", 2), line("book", "4.99")])

    assert (order.surcharge, order.total) == (euros("4.90"), euros("29.87"))
    assert [share.net + share.tax for share in order.surcharge_taxes] == [euros("3.92"), euros("0.98")]
    assert order.taxes == [
        TaxLine(rate=Decimal(20), net=euros("19.92"), tax=euros("3.98")),
        TaxLine(rate=Decimal("5.5"), net=euros("5.66"), tax=euros("0.31")),
    ]
    [summary] = (await retail(list_orders, ListOrders())).items
    assert (summary.price_mode, summary.net, summary.total) == (GROSS, order.net, order.total)
    assert await drifts(retail) == []


async def test_a_discount_set_by_hand_comes_off_the_gross_price(retail: Desk) -> None:
    order = await retail.place(actor=NANCY, lines=[line("chair", "49.99", 3, "12.5")])

    [sold] = order.lines
    assert (sold.unit_price.amount, sold.gross, order.total) == (Decimal("49.99"), euros("131.22"), euros("131.22"))


async def test_listeners_are_told_the_mode_and_both_amounts(retail: Desk) -> None:
    order = await retail.place(("chair", 1))

    [confirmed] = retail.emitted
    assert isinstance(confirmed, OrderConfirmed)
    told = confirmed.order
    assert (told.price_mode, told.total) == (GROSS, euros("50"))
    assert [(sold.net, sold.tax, sold.gross) for sold in told.lines] == [(euros("41.67"), euros("8.33"), euros("50"))]
    assert told.net == order.net


async def test_a_gross_order_is_paid_with_what_its_prices_say_and_no_cent_more(retail: Desk) -> None:
    order = await retail.place(("chair", 1))

    with pytest.raises(OverPayment):
        await pay(retail, order, "50.01", "VIR 1")
    paid = await pay(retail, order, "50", "VIR 1")

    assert paid.payment_status is PaymentStatus.PAID
    assert isinstance(retail.emitted[-1], OrderPaid)
    assert await drifts(retail) == []


async def test_a_cancelled_gross_order_still_says_what_it_was(retail: Desk) -> None:
    order = await retail.place(("chair", 1))

    cancelled = await retail(cancel_order, CancelOrder(id=order.id, reason="late"))

    assert (cancelled.price_mode, cancelled.total, cancelled.taxes) == (GROSS, order.total, order.taxes)
    told = retail.emitted[-1]
    assert isinstance(told, OrderCancelled)
    assert (told.order.price_mode, told.order.lines[0].gross) == (GROSS, euros("50"))


async def test_the_same_prices_without_tax_cost_the_tax_more(retail: Desk, desk: Desk) -> None:
    gross = await retail.place(("chair", 2), ("book", 3))
    desk.ask = answering(HoldItems=held)
    net = await desk.place(("chair", 2), ("book", 3))

    assert (net.price_mode, gross.price_mode) == (PriceMode.NET, GROSS)
    assert (net.net, gross.total) == (euros("109.99"), euros("109.99"))
    assert net.total == euros("130.54")


def test_what_was_told_before_there_were_modes_is_read_as_net(order_told_before: dict[str, Any]) -> None:
    told = OrderSnapshot.model_validate(order_told_before)

    assert told.price_mode is PriceMode.NET
    assert told.lines[0].gross == euros("120")


@pytest.fixture
async def order_told_before(desk: Desk) -> dict[str, Any]:
    """Return an order as the release before told it."""
    await desk.place()
    [confirmed] = desk.emitted
    told: dict[str, Any] = confirmed.model_dump(mode="json")["order"]
    del told["price_mode"]
    for sold in told["lines"]:
        del sold["gross"]
    return told


def test_a_hold_answered_before_there_were_modes_is_net() -> None:
    answered = {"order_id": "01900000-0000-7000-8000-000000000001", "lines": [], "expires_at": "2026-11-20T00:00:00Z"}

    assert HeldQuote.model_validate(answered).price_mode is PriceMode.NET


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        ("UPDATE orders SET price_mode = 'net'", "says 41.67"),
        ("UPDATE order_lines SET net_amount = 41.66, tax_amount = 8.34", "bears 8.34"),
        ("UPDATE order_lines SET unit_price_amount = 51", "says 50.00"),
    ],
)
async def test_a_gross_order_that_drifts_is_told_in_a_sentence(retail: Desk, tampering: str, sentence: str) -> None:
    order = await retail.place(("chair", 1))
    work = retail.work_as(CLERK)

    await work.session.execute(text(tampering))

    found = [drift for invariant in ALL for drift in await invariant(work.session)]
    assert any(f"order {order.number}" in drift and sentence in drift for drift in found), found
