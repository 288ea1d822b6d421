"""The streams that the contracts imply."""

import json

import pytest

from shared.messaging import topology
from shared.messaging.jetstream import call
from shared.messaging.tests.stage import SAYER, Stage
from shared.messaging.topology import TopologyDrift, configuration, ensure_stream
from shared.settings import BusSettings


async def test_a_stream_is_made_once_and_then_found(stage: Stage) -> None:
    client = await stage.client(SAYER)

    made = await ensure_stream(client, SAYER)

    assert (await ensure_stream(client, SAYER)).created == made.created


async def test_requests_are_kept_in_no_stream(stage: Stage) -> None:
    client = await stage.client(SAYER)
    greedy = {"name": "ORDERS", "subjects": ["rpc.orders.>"]}
    await call(client, "STREAM.CREATE.ORDERS", greedy)

    with pytest.raises(TopologyDrift, match=r"ORDERS keeps rpc\.>"):
        await topology.check_requests(client)


def test_every_owner_of_events_has_a_stream_of_its_own_and_all_fit_the_broker() -> None:
    topology.load_contracts()
    streams = [configuration(owner) for owner in topology.owners()]

    assert {stream["name"] for stream in streams} >= {"ORDERS", "CATALOG", "CUSTOMERS", "AGENTS", "IDENTITY"}
    assert sum(stream["max_bytes"] for stream in streams) < 4 * 1024**3


def test_the_command_shows_the_streams(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["topology"])

    assert topology.main() == 0

    assert "ORDERS" in [stream["name"] for stream in json.loads(capsys.readouterr().out)]


async def test_the_command_provisions(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    settings = BusSettings(nats_url=stage.nats.url, nats_user=SAYER, nats_password=stage.nats.password(SAYER))

    await topology.provision(settings, [SAYER])

    assert capsys.readouterr().out == "ORDERS: 0 messages\n"
