import pytest

from services.orders.domain.cancelling import cancelled
from services.orders.tests.samples import euros
from shared.contracts.orders.orders import IllegalTransition
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus

NOTHING, SOMETHING = euros("0"), euros("0.01")
HERE = [FulfilmentStatus.UNFULFILLED, FulfilmentStatus.BACKORDERED, FulfilmentStatus.PREPARING]
GONE = sorted(set(FulfilmentStatus) - set(HERE))


@pytest.mark.parametrize("before", [OrderStatus.CONFIRMED, OrderStatus.PROCESSING])
@pytest.mark.parametrize("fulfilment", HERE)
def test_staff_cancel_what_has_not_left_even_when_it_is_paid(before: OrderStatus, fulfilment: FulfilmentStatus) -> None:
    assert cancelled(before, fulfilment, SOMETHING, by_staff=True) is OrderStatus.CANCELLED


def test_a_customer_cancels_while_nothing_is_paid() -> None:
    unfulfilled = FulfilmentStatus.UNFULFILLED

    assert cancelled(OrderStatus.CONFIRMED, unfulfilled, NOTHING, by_staff=False) is OrderStatus.CANCELLED
    with pytest.raises(IllegalTransition, match="ask the shop") as refused:
        cancelled(OrderStatus.CONFIRMED, unfulfilled, SOMETHING, by_staff=False)
    assert refused.value.details == {"from": "confirmed", "to": "cancelled", "allowed": ["processing"]}


@pytest.mark.parametrize("by_staff", [True, False])
@pytest.mark.parametrize("fulfilment", GONE)
def test_nobody_cancels_once_a_unit_has_left(by_staff: bool, fulfilment: FulfilmentStatus) -> None:
    with pytest.raises(IllegalTransition, match="return"):
        cancelled(OrderStatus.PROCESSING, fulfilment, NOTHING, by_staff=by_staff)


@pytest.mark.parametrize("before", [OrderStatus.CANCELLED, OrderStatus.COMPLETED, OrderStatus.DRAFT])
def test_what_is_over_or_was_never_placed_cannot_be_cancelled(before: OrderStatus) -> None:
    with pytest.raises(IllegalTransition):
        cancelled(before, FulfilmentStatus.UNFULFILLED, NOTHING, by_staff=True)
