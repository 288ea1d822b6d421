"""The streams that the contracts imply."""

import pytest

from shared.contracts.registry import owners
from shared.messaging.jetstream import call
from shared.messaging.tests.stage import SAYER, Stage
from shared.messaging.topology import TopologyDrift, check_requests, configuration, ensure_stream


async def test_a_stream_is_made_once_and_then_found(stage: Stage) -> None:
    client = await stage.client(SAYER)

    made = await ensure_stream(client, SAYER)

    assert (await ensure_stream(client, SAYER)).created == made.created


async def test_requests_are_kept_in_no_stream(stage: Stage) -> None:
    client = await stage.client(SAYER)
    greedy = {"name": "ORDERS", "subjects": ["rpc.orders.>"]}
    await call(client, "STREAM.CREATE.ORDERS", greedy)

    with pytest.raises(TopologyDrift, match=r"ORDERS keeps rpc\.>"):
        await check_requests(client)


def test_every_owner_of_events_has_a_stream_of_its_own_and_all_fit_the_broker() -> None:
    streams = [configuration(owner) for owner in owners()]

    assert {stream["name"] for stream in streams} >= {"ORDERS", "CATALOG", "CUSTOMERS", "AGENTS", "IDENTITY"}
    assert sum(stream["max_bytes"] for stream in streams) < 4 * 1024**3
