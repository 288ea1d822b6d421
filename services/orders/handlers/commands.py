"""Changes others ask of orders: placing, cancelling, recording what was paid."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from services.orders import repository
from services.orders.domain import cancelling, lifecycle, placement
from services.orders.domain.fulfilment import Units, fulfilment_status
from services.orders.domain.ledger import EntryKind, Ledger, check_amount, check_capture, payment_status
from services.orders.domain.totals import Sold, totals
from services.orders.handlers.parties import Sale, sale_to
from services.orders.models import Order, OrderHistory, OrderLine, Payment
from shared.contracts.actor import ActorRef, Permission
from shared.contracts.catalog.stock import HeldQuote, HoldItems, HoldLine, ReleaseHold
from shared.contracts.orders.orders import (
    CancelOrder,
    OrderCancelled,
    OrderConfirmed,
    OrderSnapshot,
    OrderView,
    PlaceOrder,
)
from shared.contracts.orders.payments import OrderPaid, PaymentRecorded, PaymentView, RecordPayment
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.database.rows import raise_version
from shared.kernel.ids import new_id
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Work

NO_UNITS = Decimal(0)


@handler
async def place_order(command: PlaceOrder, work: Work, ask: Ask) -> OrderView:
    customer_id = placement.customer_for(work.actor, command.customer_id)
    placement.check_lines(work.actor, command.lines, command.currency)
    sale = await sale_to(customer_id, work, ask)
    placement.check_reach(work.actor, sale.buyer.agent_id, sale.agents_serve_all)
    placement.check_seller(work.actor, sale.acting_status)
    placement.check_buyer(sale.buyer.status)
    hold = HoldItems(
        order_id=work.made_id(PlaceOrder.subject),
        customer_id=customer_id,
        currency=command.currency,
        lines=[HoldLine.model_validate(line) for line in command.lines],
    )
    quote = await ask(hold)
    work.on_refusal(ReleaseHold(order_id=hold.order_id))
    for told in sale.asked:
        await repository.keep(work.session, told)
    order = _new_order(command, sale, quote, work)
    work.session.add(order)
    await work.session.flush()  # the database gives the number
    _remember(order, "order", None, order.status, work)
    work.emit(OrderConfirmed(order=OrderSnapshot.model_validate(order)))
    if order.payment_status is PaymentStatus.PAID:  # it costs nothing
        work.emit(OrderPaid(order=OrderSnapshot.model_validate(order)))
    return OrderView.model_validate(order)


@handler
async def record_payment(command: RecordPayment, work: Work) -> OrderView:
    order = await repository.locked(work.session, command.order_id, work.actor, Permission.PAYMENTS_WRITE)
    check_amount(command.amount, order.currency)
    await repository.load_lines(work.session, order)
    entries = await repository.payments(work.session, order.id)
    if any(_is_same(entry, command) for entry in entries):
        return OrderView.model_validate(order)
    check_capture(order.status, order.payment_status, _ledger(order, entries), order.total, command.amount)
    payment = _capture(command, order, work)
    before, so_far = order.payment_status, _ledger(order, [*entries, payment])
    after = payment_status(so_far, order.total, cancelled=False)
    order.payment_status = lifecycle.follow(lifecycle.PAYMENT, before, after)
    order.paid = so_far.paid
    raise_version(order)
    work.session.add(payment)
    _remember(order, "payment", before, after, work, command.reference)
    work.emit(
        PaymentRecorded(order=OrderSnapshot.model_validate(order), payment=PaymentView.model_validate(payment))
    )
    if after is PaymentStatus.PAID:
        work.emit(OrderPaid(order=OrderSnapshot.model_validate(order)))
    return OrderView.model_validate(order)


@handler
async def cancel_order(command: CancelOrder, work: Work) -> OrderView:
    order = await repository.locked(work.session, command.id, work.actor, Permission.ORDERS_CANCEL)
    by_staff = work.actor.may(Permission.ORDERS_CANCEL)
    status = cancelling.cancelled(order.status, order.fulfilment_status, order.paid, by_staff=by_staff)
    entries = await repository.payments(work.session, order.id)
    await repository.cancel_units(work.session, order)
    before, paid_before = order.status, order.payment_status
    derived = payment_status(_ledger(order, entries), order.total, cancelled=True)
    order.status = status
    order.payment_status = lifecycle.follow(lifecycle.PAYMENT, paid_before, derived)
    order.fulfilment_status = lifecycle.follow(lifecycle.FULFILMENT, order.fulfilment_status, _fulfilment(order))
    raise_version(order)
    _remember(order, "order", before, status, work, command.reason)
    if derived is not paid_before:
        _remember(order, "payment", paid_before, derived, work, command.reason)
    work.emit(OrderCancelled(order=OrderSnapshot.model_validate(order), reason=command.reason))
    return OrderView.model_validate(order)


def _new_order(command: PlaceOrder, sale: Sale, quote: HeldQuote, work: Work) -> Order:
    """Return an order as it is confirmed: with its lines, and a snapshot of everything it was computed from."""
    rates = [sale.rates[held.tax_category] for held in quote.lines]
    discounts = [line.discount_percent for line in command.lines]
    sold = [
        Sold(held.unit_price, held.quantity, rate, discount)
        for held, rate, discount in zip(quote.lines, rates, discounts, strict=True)
    ]
    sums = totals(sold, command.currency)
    nothing = Ledger.of((), command.currency)
    agent_id, attribution = sale.attribution()
    lines = [
        OrderLine(
            order_id=quote.order_id,
            position=position,
            discount_percent=line.discount,
            net=amounts.net,
            tax_rate=line.rate,
            tax=amounts.tax,
            cancelled=NO_UNITS,
            shipped=NO_UNITS,
            delivered=NO_UNITS,
            returned=NO_UNITS,
            **dict(held),
        )
        for position, (held, line, amounts) in enumerate(zip(quote.lines, sold, sums.lines, strict=True), 1)
    ]
    order = Order(
        id=quote.order_id,
        version=1,
        status=lifecycle.advance(lifecycle.ORDER, OrderStatus.DRAFT, OrderStatus.CONFIRMED),
        payment_status=payment_status(nothing, sums.total, cancelled=False),
        agent_id=agent_id,
        attribution=attribution,
        placed_by=_placed_by(sale, work).model_dump(mode="json"),
        payment_method=command.payment_method,
        currency=command.currency,
        lines=lines,
        net=sums.net,
        tax=sums.tax,
        total=sums.total,
        paid=nothing.paid,
        reference=command.reference,
        created_at=work.as_of,
        **sale.buyer_as_is(),
    )
    order.fulfilment_status = _fulfilment(order)
    return order


def _placed_by(sale: Sale, work: Work) -> ActorRef:
    """Return who placed the order, and on whose behalf where it is somebody else's."""
    own = work.actor.id == sale.buyer.id
    ref = work.actor.ref(on_behalf_of=None if own else sale.buyer.id)
    return ref if ref.name else ref.model_copy(update={"name": sale.name_of(work.actor.id)})
