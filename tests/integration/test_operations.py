"""What operators are told and can do, through the gateway and on the command line; in the end nothing has drifted."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from devstack import measured
from shared.contracts.registry import owners
from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import sold
from tests.integration.standing import HEARS, quiet, states

ROOT = Path(__file__).parents[2]


async def command(shop: Any, *words: str, who: str = "admin", **variables: str) -> tuple[int, str, str]:
    """Run `python -m courtier` as somebody; return its exit code, what it printed, and its complaint."""
    login = shop.logins[who]
    account = {"COURTIER_URL": shop.url, "COURTIER_EMAIL": login.email, "COURTIER_PASSWORD": login.password}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "courtier", *words),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "300", **account, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaint = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode(), complaint.decode()


async def database(shop: Any, service: str) -> asyncpg.Connection:
    return await asyncpg.connect(shop.house.postgres.url(service, driver="postgresql"))


async def test_every_service_says_where_it_stands(shop: Any) -> None:
    await sold(shop)
    await quiet(shop)

    for service, state in (await states(shop)).items():
        assert state["service"] == service
        assert {cursor["producer"] for cursor in state["cursors"]} == HEARS[service]
        assert (state["parked"], state["jobs_failed"]) == (0, 0)
        assert all(cursor["lag"] == 0 and cursor["beat_seconds"] < 10 for cursor in state["cursors"])
        assert state["relay"]["beat_seconds"] < 10
        assert state["relay"]["last_seq"] > 0


async def test_every_service_measures_what_its_operators_need(shop: Any) -> None:
    await sold(shop)
    pages = await measured.pages(shop.house)

    assert set(pages) == {*owners(), "gateway"}
    for service, page in pages.items():
        samples = [one for family in text_string_to_metric_families(page) for one in family.samples]
        names = {one.name for one in samples}
        if service == "gateway":
            assert {"courtier_gateway_requests_total", "courtier_gateway_request_seconds_count"} <= names
            continue
        assert {"courtier_request_seconds_count", "courtier_outbox_oldest_unsent_seconds"} <= names
        assert {"courtier_parked_events", "courtier_published_seq"} <= names
        assert ("courtier_pump_lag" in names) == bool(HEARS[service])
        assert all(one.value == 0 for one in samples if one.name == "courtier_drift")


async def test_the_command_line_says_it_to_programs_and_to_people(shop: Any) -> None:
    await quiet(shop)
    spoken, told, findings, drifts, parked = await asyncio.gather(
        command(shop, "status"),
        command(shop, "status", "--json"),
        command(shop, "doctor", "--json"),
        command(shop, "reconcile", "--json"),
        command(shop, "parked", "list", "orders", "--json"),
    )

    assert (spoken[0], spoken[2]) == (0, "")
    assert all(service in spoken[1] for service in owners())
    assert {state["service"] for state in json.loads(told[1])} == set(owners())
    assert (findings[0], drifts[0], parked[0]) == (0, 0, 0)
    looked_at = json.loads(findings[1])
    assert {found["what"] for found in looked_at} == {f"gateway at {shop.url}", *owners()}
    assert all(found["healthy"] and not found["remedy"] for found in looked_at)
    assert all(len(answer["checks"]) > 5 and answer["drifts"] == [] for answer in json.loads(drifts[1]))
    assert json.loads(parked[1]) == []


async def test_the_command_line_names_what_is_wrong_in_a_sentence(shop: Any) -> None:
    nowhere = {"COURTIER_URL": "http://127.0.0.1:9"}
    elsewhere = {"COURTIER_URL": shop.house.urls["nats monitor"]}
    unanswered, unhealthy, strange, wrong, wrong_too, forbidden, unknown = await asyncio.gather(
        command(shop, "status", **nowhere),
        command(shop, "doctor", "--json", **nowhere),
        command(shop, "doctor", "--json", **elsewhere),
        command(shop, "status", COURTIER_PASSWORD="not this one"),
        command(shop, "doctor", "--json", COURTIER_PASSWORD="not this one"),
        command(shop, "reconcile", who="clerk"),
        command(shop, "parked", "list", "accounting"),
    )

    said = "Nothing answers at http://127.0.0.1:9; is the gateway running? `make up` starts the house."
    assert (unanswered[0], unanswered[1], unanswered[2].strip()) == (2, "", said)
    for answer, remedy in (
        (unhealthy, "Nothing answers there: start it, or name its address with --url."),
        (strange, "Something else than a gateway answers there: name the right address with --url."),
        (wrong_too, "Check COURTIER_EMAIL and COURTIER_PASSWORD."),
    ):
        last = json.loads(answer[1])[-1]
        assert (answer[0], last["healthy"]) == (1, False)
        assert remedy in last["remedy"]
    assert wrong[0] == 2
    assert "The address or the password is wrong" in wrong[2]
    assert forbidden[0] == 2
    assert "Your roles do not include operate; ask an administrator for it." in forbidden[2]
    assert unknown[0] == 2
    assert "There is no service of this name" in unknown[2]
    assert not any("Traceback" in answer[2] for answer in (unanswered, wrong, forbidden, unknown))


async def test_an_event_that_makes_no_sense_is_parked_named_and_given_up_by_command(shop: Any) -> None:
    await quiet(shop)
    listeners = sorted(service for service, producers in HEARS.items() if "agents" in producers)
    aggregate = await say_nonsense(shop)

    async def parked_everywhere() -> dict[str, dict[str, Any]]:
        found = {}
        for service in listeners:
            events = (await shop.people["admin"].get(f"/v1/operations/{service}/parked"))["items"]
            assert [(event["producer"], event["aggregate_id"]) for event in events] == [("agents", aggregate)]
            found[service] = events[0]
        return found

    events = await eventually(parked_everywhere)
    assert {event["type"] for event in events.values()} == {"agents.agent_changed.v1"}
    assert all(event["error"] for event in events.values())
    await sold(shop)  # nobody else is held up

    sick = await command(shop, "doctor", "--json")
    listed = await command(shop, "parked", "list", "catalog")
    event = events["catalog"]
    where = ("catalog", "agents", str(event["seq"]), event["handler"])
    retried = await command(shop, "parked", "retry", *where, "--reason", "to see it fail again")

    assert sick[0] == 1
    remedies = " ".join(found["remedy"] for found in json.loads(sick[1]))
    assert "1 events are parked: `courtier parked list catalog` shows why." in remedies
    assert event["handler"] in listed[1]
    assert (retried[0], retried[1].strip()) == (0, f"{event['handler']} tries event {event['seq']} of agents again.")

    given_up = await asyncio.gather(
        *(
            command(shop, "parked", "discard", service, "agents", str(one["seq"]), one["handler"], "--reason", "a test")
            for service, one in events.items()
        )
    )
    assert {code for code, _, _ in given_up} == {0}
    assert (await command(shop, "parked", "discard", *where, "--reason", "a test"))[0] == 2
    await quiet(shop)
    assert {state["parked"] for state in (await states(shop)).values()} == {0}


async def say_nonsense(shop: Any) -> str:
    """Have agents publish an event that no listener can read, as a bug would; return what it is about."""
    aggregate = new_id()
    envelope = {
        "id": str(new_id()),
        "type": "agents.agent_changed.v1",
        "occurred_at": "2026-11-20T08:00:00Z",
        "producer": "agents",
        "aggregate_id": str(aggregate),
        "aggregate_version": 1,
        "correlation_id": str(new_id()),
        "causation_id": None,
        "actor": {"type": "staff", "id": None, "name": None, "on_behalf_of": None},
        "data": {"agent": {"id": str(aggregate), "name": 7}},
    }
    connection = await database(shop, "agents")
    await connection.execute(
        "INSERT INTO outbox (event_id, subject, aggregate_id, aggregate_version, body) VALUES ($1, $2, $3, 1, $4)",
        *(new_id(), f"events.{envelope['type']}", aggregate, json.dumps(envelope).encode()),
    )
    await connection.close()
    return str(aggregate)


async def test_a_row_changed_by_hand_is_found_and_named(shop: Any) -> None:
    await quiet(shop)
    connection = await database(shop, "catalog")
    change = "UPDATE stocks SET reserved = reserved + $1 WHERE variant_id = (SELECT id FROM variants WHERE sku = $2)"
    await connection.execute(change, 3, "TASSE-2")
    try:
        code, printed, _ = await command(shop, "reconcile", "--json")
    finally:
        await connection.execute(change, -3, "TASSE-2")
        await connection.close()

    (drift,) = [drift for answer in json.loads(printed) for drift in answer["drifts"]]
    assert code == 1
    assert drift["check"] == "reserved_is_what_orders_hold"
    assert "TASSE-2" in drift["detail"]
    assert (await command(shop, "reconcile"))[0] == 0


@pytest.mark.parametrize(
    ("service", "table"), [("agents", "entries"), ("orders", "payments"), ("catalog", "stock_movements")]
)
async def test_no_service_may_rewrite_its_ledger(shop: Any, service: str, table: str) -> None:
    connection = await database(shop, service)
    try:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE notes (id int)")
    finally:
        await connection.close()
