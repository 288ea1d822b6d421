from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.ledger import EntryKind, Ledger, check_amount, check_capture, payment_status
from services.orders.domain.lifecycle import PAYMENT, follow
from services.orders.tests.samples import euros
from shared.contracts.orders.orders import IllegalTransition
from shared.contracts.orders.payments import OverPayment
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.kernel.money import Money
from shared.kernel.problems import Malformed

TOTAL = euros("100")
CASES = [
    ({}, PaymentStatus.AWAITING),
    ({"authorization": "100"}, PaymentStatus.AUTHORIZED),
    ({"failure": "100"}, PaymentStatus.FAILED),
    ({"failure": "100", "authorization": "100"}, PaymentStatus.AUTHORIZED),
    ({"capture": "99.99"}, PaymentStatus.PARTIALLY_PAID),
    ({"capture": "100"}, PaymentStatus.PAID),
    ({"failure": "100", "capture": "100"}, PaymentStatus.PAID),
    ({"capture": "100", "refund": "0.01"}, PaymentStatus.PARTIALLY_REFUNDED),
    ({"capture": "60", "refund": "60"}, PaymentStatus.REFUNDED),
    ({"capture": "100", "refund": "100"}, PaymentStatus.REFUNDED),
]


def ledger(**amounts: str) -> Ledger:
    return Ledger.of([(EntryKind(kind), euros(amount)) for kind, amount in amounts.items()], "EUR")


@pytest.mark.parametrize(("amounts", "status"), CASES)
def test_the_ledger_decides_the_payment_status(amounts: dict[str, str], status: PaymentStatus) -> None:
    assert payment_status(ledger(**amounts), TOTAL, cancelled=False) is status


def test_an_order_cancelled_without_a_payment_is_voided_and_one_with_a_payment_is_not() -> None:
    assert payment_status(ledger(), TOTAL, cancelled=True) is PaymentStatus.VOIDED
    assert payment_status(ledger(authorization="100"), TOTAL, cancelled=True) is PaymentStatus.VOIDED
    assert payment_status(ledger(capture="100"), TOTAL, cancelled=True) is PaymentStatus.PAID


def test_an_order_that_costs_nothing_is_paid_at_once() -> None:
    assert payment_status(ledger(), euros("0"), cancelled=False) is PaymentStatus.PAID


@given(st.data())
def test_whatever_happens_to_the_money_is_a_move_of_the_table(data: st.DataObject) -> None:
    total = euros(str(data.draw(st.integers(0, 30))))
    entries: list[tuple[EntryKind, Money]] = []
    status = payment_status(Ledger.of(entries, "EUR"), total, cancelled=False)
    for _ in range(data.draw(st.integers(0, 8))):
        sums = Ledger.of(entries, "EUR")
        kind = data.draw(st.sampled_from(EntryKind))
        owed = total - sums.captured if not sums.refunded else euros("0")
        most = {EntryKind.CAPTURE: owed, EntryKind.REFUND: sums.paid}.get(kind, total)
        if not most:
            continue
        entries.append((kind, euros(str(data.draw(st.integers(1, int(most.amount)))))))
        status = follow(PAYMENT, status, payment_status(Ledger.of(entries, "EUR"), total, cancelled=False))
    follow(PAYMENT, status, payment_status(Ledger.of(entries, "EUR"), total, cancelled=True))


def test_money_of_another_currency_or_none_at_all_is_refused_by_field() -> None:
    with pytest.raises(Malformed) as dollars:
        check_amount(Money(Decimal(5), "USD"), "EUR")
    with pytest.raises(Malformed) as nothing:
        check_amount(euros("0"), "EUR")
    with pytest.raises(Malformed) as less:
        check_amount(euros("-1"), "EUR")

    assert [problem.value.errors[0].pointer for problem in (dollars, nothing, less)] == [
        "/amount/currency",
        "/amount/amount",
        "/amount/amount",
    ]


def test_more_than_is_owed_is_refused_with_what_is_owed() -> None:
    owing = (OrderStatus.CONFIRMED, PaymentStatus.PARTIALLY_PAID, ledger(capture="60"), TOTAL)
    check_capture(*owing, euros("40"))

    with pytest.raises(OverPayment) as refused:
        check_capture(*owing, euros("40.01"))

    assert refused.value.details["owed"] == {"amount": "40.00", "currency": "EUR"}
    assert "Record 40.00 EUR" in refused.value.detail


@pytest.mark.parametrize("order", [OrderStatus.CANCELLED, OrderStatus.DRAFT, OrderStatus.PENDING_APPROVAL])
def test_an_order_that_is_not_to_be_paid_takes_no_payment(order: OrderStatus) -> None:
    with pytest.raises(IllegalTransition) as refused:
        check_capture(order, PaymentStatus.VOIDED, ledger(), TOTAL, euros("100"))

    assert refused.value.details == {"from": "voided", "to": "paid", "allowed": []}
    assert order in refused.value.detail
