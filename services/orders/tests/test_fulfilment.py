from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.fulfilment import Units, fulfilment_status
from services.orders.domain.lifecycle import FULFILMENT, follow
from shared.contracts.orders.states import FulfilmentStatus

CASES = [
    ({}, FulfilmentStatus.UNFULFILLED),
    ({"cancelled": 5}, FulfilmentStatus.UNFULFILLED),
    ({"backordered": 1}, FulfilmentStatus.BACKORDERED),
    ({"preparing": 1, "backordered": 1}, FulfilmentStatus.PREPARING),
    ({"shipped": 4}, FulfilmentStatus.PARTIALLY_SHIPPED),
    ({"shipped": 5}, FulfilmentStatus.SHIPPED),
    ({"shipped": 4, "cancelled": 1}, FulfilmentStatus.SHIPPED),
    ({"shipped": 5, "delivered": 4}, FulfilmentStatus.SHIPPED),
    ({"shipped": 5, "delivered": 5}, FulfilmentStatus.DELIVERED),
    ({"shipped": 5, "delivered": 5, "returned": 1}, FulfilmentStatus.PARTIALLY_RETURNED),
    ({"shipped": 5, "delivered": 5, "returned": 5}, FulfilmentStatus.RETURNED),
    ({"shipped": 3, "delivered": 3, "returned": 3}, FulfilmentStatus.PARTIALLY_RETURNED),
    ({"shipped": 3, "delivered": 3, "returned": 3, "cancelled": 2}, FulfilmentStatus.RETURNED),
]


@pytest.mark.parametrize(("counters", "status"), CASES)
def test_the_counters_decide_the_fulfilment_status(counters: dict[str, int], status: FulfilmentStatus) -> None:
    units = Units(Decimal(5), **{name: Decimal(count) for name, count in counters.items()})

    assert fulfilment_status(units) is status


def test_every_fulfilment_status_is_derived_from_some_counters() -> None:
    assert {status for _, status in CASES} == set(FulfilmentStatus)


@given(st.integers(1, 4), st.lists(st.sampled_from(["cancelled", "backordered", "preparing", "shipped", "delivered"])))
def test_units_move_along_the_table(ordered: int, steps: list[str]) -> None:
    counts = dict.fromkeys(["cancelled", "backordered", "preparing", "shipped", "delivered", "returned"], 0)
    status = FulfilmentStatus.UNFULFILLED
    for step in [*steps, "returned", "returned"]:
        room = {
            "delivered": counts["shipped"] - counts["delivered"],
            "returned": counts["delivered"] - counts["returned"],
        }
        if room.get(step, ordered - counts["cancelled"] - counts["shipped"]) <= 0:
            continue
        counts[step] += 1
        left = ordered - counts["cancelled"] - counts["shipped"]
        counts["preparing"], counts["backordered"] = min(counts["preparing"], left), min(counts["backordered"], left)
        derived = fulfilment_status(Units(Decimal(ordered), **{name: Decimal(n) for name, n in counts.items()}))
        status = follow(FULFILMENT, status, derived)
