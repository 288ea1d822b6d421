"""Payments: what came in for an order."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.actor import ActorRef, Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.orders.orders import READ, OrderSnapshot, OrderView
from shared.contracts.orders.states import PaymentMethod
from shared.contracts.values import Page, Text
from shared.kernel.money import Money
from shared.kernel.problems import Conflict


class PaymentView(Contract):
    """One entry of an order's payment ledger. `value_date` is the day the bank counts."""

    id: UUID
    order_id: UUID
    method: PaymentMethod
    amount: Money
    value_date: date
    reference: Text
    recorded_by: ActorRef
    created_at: datetime


class OverPayment(Conflict):
    """More came in than the order still owes; record what it owes and credit the rest to the customer."""


class RecordPayment(Command[OrderView], subject="orders.record_payment.v1", allow={Permission.PAYMENTS_WRITE}):
    """Records a bank transfer found on the account; the same reference, date and amount count once."""

    order_id: UUID
    amount: Money
    value_date: date
    reference: Text


class ListPayments(Query[Page[PaymentView]], subject="orders.list_payments.v1", allow=READ):
    """Returns what came in for an order, oldest first."""

    order_id: UUID


class PaymentRecorded(Event, subject="orders.payment_recorded.v1", aggregate="order.id"):
    """Money came in for an order."""

    order: OrderSnapshot
    payment: PaymentView


class OrderPaid(Event, subject="orders.order_paid.v1", aggregate="order.id"):
    """An order is paid in full."""

    order: OrderSnapshot
