"""Recording what came in for an order."""

from uuid import UUID

from services.orders import repository
from services.orders.domain import lifecycle
from services.orders.domain.ledger import EntryKind, check_amount, check_capture, payment_status
from services.orders.handlers.recording import ledger_of, remember
from services.orders.models import Order, Payment
from shared.contracts.actor import Permission
from shared.contracts.orders.orders import OrderSnapshot, OrderView
from shared.contracts.orders.payments import OrderPaid, PaymentRecorded, PaymentView, RecordPayment
from shared.contracts.orders.states import PaymentStatus
from shared.database.rows import raise_version
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def record_payment(command: RecordPayment, work: Work) -> OrderView:
    id_ = work.made_id(command.subject)
    if made := await work.made_before(Payment, id_):
        return OrderView.model_validate(await repository.get(work.session, made.order_id))
    order = await repository.locked(work.session, command.order_id, work.actor, Permission.PAYMENTS_WRITE)
    check_amount(command.amount, order.currency)
    await repository.load_lines(work.session, order)
    entries = await repository.payments(work.session, order.id)
    if any(_is_the_same(entry, command) for entry in entries):
        return OrderView.model_validate(order)
    check_capture(order.status, order.payment_status, ledger_of(order, entries), order.total, command.amount)
    payment = _capture(id_, command, order, work)
    ledger = ledger_of(order, [*entries, payment])
    status = payment_status(ledger, order.total, cancelled=False)
    remember(order, "payment", order.payment_status, status, work, command.reference)
    order.payment_status = lifecycle.follow(lifecycle.PAYMENT, order.payment_status, status)
    order.paid = ledger.paid
    raise_version(order)
    work.session.add(payment)
    snapshot = OrderSnapshot.model_validate(order)
    work.emit(PaymentRecorded(order=snapshot, payment=PaymentView.model_validate(payment)))
    if status is PaymentStatus.PAID:
        work.emit(OrderPaid(order=snapshot))
    return OrderView.model_validate(order)


def _capture(id_: UUID, command: RecordPayment, order: Order, work: Work) -> Payment:
    return Payment(
        id=id_,
        order_id=order.id,
        kind=EntryKind.CAPTURE,
        method=order.payment_method,
        amount=command.amount,
        value_date=command.value_date,
        reference=command.reference,
        recorded_by=work.actor.ref().model_dump(mode="json"),
        created_at=work.as_of,
        request_digest=work.digest,
    )


def _is_the_same(entry: Payment, command: RecordPayment) -> bool:
    """Tell whether a transfer was entered before: the bank's reference, day and amount make it one."""
    return (entry.reference, entry.value_date, entry.amount) == (command.reference, command.value_date, command.amount)
