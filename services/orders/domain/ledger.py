"""The payment ledger of an order: what it says of the order, and what may be added to it (rules 3.13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.orders.domain import lifecycle
from shared.contracts.orders.payments import OverPayment
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.kernel.money import Money
from shared.kernel.problems import FieldError, Malformed

PAYABLE = frozenset({OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.COMPLETED})


class EntryKind(StrEnum):
    """What an entry of the ledger says happened. Amounts are positive but for an authorization given back."""

    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    REFUND = "refund"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sums of an order's ledger, by kind, in the order's currency."""

    authorized: Money
    captured: Money
    refunded: Money
    failed: Money

    @classmethod
    def of(cls, entries: Iterable[tuple[EntryKind, Money]], currency: str) -> "Ledger":
        """Add up entries of one currency."""
        sums = dict.fromkeys(EntryKind, Money.zero(currency))
        for kind, amount in entries:
            sums[kind] += amount
        return cls(
            sums[EntryKind.AUTHORIZATION],
            sums[EntryKind.CAPTURE],
            sums[EntryKind.REFUND],
            sums[EntryKind.FAILURE],
        )

    @property
    def paid(self) -> Money:
        """Return what came in and stayed."""
        return self.captured - self.refunded


def payment_status(ledger: Ledger, total: Money, *, cancelled: bool) -> PaymentStatus:
    """Return what a ledger says of an order of this total. An order that costs nothing is paid at once (rules 3.4)."""
    if not ledger.captured:
        return PaymentStatus.VOIDED if cancelled else _uncaptured(ledger, total)
    if ledger.refunded:
        whole = ledger.refunded >= ledger.captured
        return PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.PAID if ledger.captured >= total else PaymentStatus.PARTIALLY_PAID


def _uncaptured(ledger: Ledger, total: Money) -> PaymentStatus:
    if not total:
        return PaymentStatus.PAID
    if ledger.authorized:
        return PaymentStatus.AUTHORIZED
    return PaymentStatus.FAILED if ledger.failed else PaymentStatus.AWAITING


def check_amount(amount: Money, currency: str) -> None:
    """Refuse money that is none, or of another currency than the order's. Raises Malformed."""
    if amount.currency != currency:
        fault = FieldError("/amount/currency", "CURRENCY_MISMATCH", f"Give the amount in {currency}, as the order is.")
        raise Malformed(f"This order is in {currency}, not in {amount.currency}.", errors=[fault])
    if amount <= Money.zero(currency):
        fault = FieldError("/amount/amount", "NOT_POSITIVE", "Give what came in, more than zero.")
        raise Malformed("A payment is more than zero.", errors=[fault])


def check_capture(order: OrderStatus, payment: PaymentStatus, ledger: Ledger, total: Money, amount: Money) -> None:
    """Refuse a payment the order cannot take: IllegalTransition when it is not to be paid, OverPayment beyond it."""
    if order not in PAYABLE:
        because = f"This order is {order} and takes no payment; give the money back or credit it to the customer."
        raise lifecycle.illegal(lifecycle.PAYMENT, payment, PaymentStatus.PAID, because)
    owed = total - ledger.paid
    if amount > owed:
        raise OverPayment(
            f"The order owes {owed}, not {amount}. Record {owed} and credit the rest to the customer."
            if owed
            else "The order is paid in full. Credit this money to the customer.",
            owed=_written(owed),
            paid=_written(ledger.paid),
            total=_written(total),
        )


def _written(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}
