"""Placing an order, and cancelling it."""

from uuid import UUID

from services.orders import repository
from services.orders.domain import cancelling, lifecycle, placement
from services.orders.domain.ledger import payment_status
from services.orders.handlers.asking import sale_to
from services.orders.handlers.recording import fulfilment_of, ledger_of, new_order, remember
from shared.contracts.actor import Permission
from shared.contracts.catalog.stock import HoldItems, HoldLine, ReleaseHold
from shared.contracts.orders.orders import (
    CancelOrder,
    OrderCancelled,
    OrderConfirmed,
    OrderSnapshot,
    OrderView,
    PlaceOrder,
)
from shared.contracts.orders.payments import OrderPaid
from shared.contracts.orders.states import PaymentStatus
from shared.database.rows import raise_version
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work


@handler
async def place_order(command: PlaceOrder, work: Work, ask: Ask) -> OrderView:
    customer_id = placement.customer_for(work.actor, command.customer_id)
    placement.check_lines(work.actor, command.lines, command.currency)
    sale = await sale_to(customer_id, work, ask)
    if sale.placed:  # by a request of the same key, so long ago that its answer is no longer kept
        return OrderView.model_validate(await repository.get(work.session, sale.order_id))
    sale.check(work.actor)
    quote = await ask(_hold(command, sale.order_id, customer_id))
    work.on_refusal(ReleaseHold(order_id=quote.order_id))
    for told in sale.asked:
        await repository.keep(work.session, told)
    order = new_order(command, sale, quote, work)
    work.session.add(order)
    await work.session.flush()  # the database gives the number
    remember(order, "order", None, order.status, work)
    snapshot = OrderSnapshot.model_validate(order)
    work.emit(OrderConfirmed(order=snapshot))
    if order.payment_status is PaymentStatus.PAID:  # it costs nothing
        work.emit(OrderPaid(order=snapshot))
    return OrderView.model_validate(order)


def _hold(command: PlaceOrder, order_id: UUID, customer_id: UUID) -> HoldItems:
    return HoldItems(
        order_id=order_id,
        customer_id=customer_id,
        currency=command.currency,
        market=command.market,
        lines=[HoldLine.model_validate(line) for line in command.lines],
    )


@handler
async def cancel_order(command: CancelOrder, work: Work) -> OrderView:
    order = await repository.locked(work.session, command.id, work.actor, Permission.ORDERS_CANCEL)
    by_staff = work.actor.may(Permission.ORDERS_CANCEL)
    status = cancelling.cancelled(order.status, order.fulfilment_status, order.paid, by_staff=by_staff)
    entries = await repository.payments(work.session, order.id)
    await repository.cancel_units(work.session, order)
    payment = payment_status(ledger_of(order, entries), order.total, cancelled=True)
    remember(order, "order", order.status, status, work, command.reason)
    if payment is not order.payment_status:
        remember(order, "payment", order.payment_status, payment, work, command.reason)
    order.status = lifecycle.follow(lifecycle.ORDER, order.status, status)
    order.payment_status = lifecycle.follow(lifecycle.PAYMENT, order.payment_status, payment)
    order.fulfilment_status = lifecycle.follow(
        lifecycle.FULFILMENT, order.fulfilment_status, fulfilment_of(order.lines)
    )
    raise_version(order)
    work.emit(OrderCancelled(order=OrderSnapshot.model_validate(order), reason=command.reason))
    return OrderView.model_validate(order)
