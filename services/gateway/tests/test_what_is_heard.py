"""Which events a client asks for, and from where."""

from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.streaming import LastHeard, Wanted
from shared.kernel.problems import Malformed
from shared.messaging.places import Place

MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("types", ["", "orders.*,", "Orders.*", "orders confirmed", "a.*," * 21 + "a", "../x", "[a]"])
def test_types_that_are_none_are_refused(types: str) -> None:
    with pytest.raises(Malformed) as refused:
        Wanted.read(types)
    assert refused.value.errors[0].pointer == "/types"


def test_only_producers_that_may_have_something_are_read() -> None:
    producers = ["agents", "catalog", "orders"]

    assert Wanted.read("*").of(producers) == producers
    assert Wanted.read("orders.*, agents.commission_earned.v1").of(producers) == ["agents", "orders"]
    assert Wanted.read("c*").of(producers) == ["catalog"]


def test_a_resumed_stream_goes_on_behind_the_last_event_and_a_little_before_it_elsewhere() -> None:
    last = LastHeard.read("orders-17")
    assert last.start_of("orders") == Place(seq=17)
    assert last.start_of("agents") == "new"

    dated = LastHeard("orders", 17, MOMENT)
    assert dated.start_of("agents") == MOMENT - timedelta(seconds=5)


@pytest.mark.parametrize(
    "event_id", ["17", "orders", "orders-", "orders--1", "orders-1x", "Orders-1", "orders-" + "9" * 19]
)
def test_an_id_no_stream_has_given_out_is_refused(event_id: str) -> None:
    with pytest.raises(Malformed) as refused:
        LastHeard.read(event_id)
    assert refused.value.errors[0].pointer == "/Last-Event-ID"
