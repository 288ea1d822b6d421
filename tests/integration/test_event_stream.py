"""GET /v1/events: staff see what happens as it happens, and go on where they stopped."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id

PATIENCE = 10.0  # seconds without any event before a stream is taken for silent
LIFE = ["orders.order_confirmed.v1", "orders.payment_recorded.v1", "orders.order_paid.v1"]


async def heard(shop: Any, who: str, types: str, last: str | None = None) -> AsyncIterator[dict[str, Any]]:
    """Yield the events of a stream as they come: `id`, `type` and the envelope; first the comment that it is open."""
    headers = dict(shop.people[who].http.headers) | ({"Last-Event-ID": last} if last else {})
    async with (
        httpx.AsyncClient(base_url=shop.url, timeout=PATIENCE, headers=headers) as http,
        http.stream("GET", "/v1/events", params={"types": types}) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line.startswith(": "):
                yield {"id": "", "type": line[2:]}
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                yield {"id": fields["id"], "type": fields["event"], "envelope": json.loads(fields["data"])}
                fields = {}


async def about(stream: AsyncIterator[dict[str, Any]], order: dict[str, Any], until: str) -> list[dict[str, Any]]:
    """Return what a stream says of an order, up to an event of this type."""
    said = []
    async for event in stream:
        if event["id"] and event["envelope"]["aggregate_id"] == order["id"]:
            said.append(event)
            if event["type"] == until:
                break
    return said


async def placed(shop: Any) -> dict[str, Any]:
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": "THE-100", "quantity": 1}]}
    order: dict[str, Any] = await shop.people["paul"].create("/v1/orders", str(new_id()), body)
    return order


async def paid(shop: Any, order: dict[str, Any]) -> None:
    transfer = {"amount": order["total"], "value_date": "2026-11-20", "reference": f"VIR {order['number']}"}
    await shop.people["clerk"].create(f"/v1/orders/{order['id']}/payments", str(new_id()), transfer)


async def test_a_clerk_sees_an_orders_life_as_it_happens(shop: Any) -> None:
    async with aclosing(heard(shop, "clerk", "orders.*")) as stream:
        assert (await anext(stream))["type"] == "open"
        order = await placed(shop)
        first = await about(stream, order, LIFE[0])
        await paid(shop, order)
        rest = await about(stream, order, LIFE[2])

    life = [*first, *rest]
    assert [event["type"] for event in life] == LIFE
    assert first[0]["envelope"]["actor"]["name"] == "Paul Petit"
    assert life[0]["envelope"]["data"]["order"]["number"] == order["number"]
    assert {event["id"].partition("-")[0] for event in life} == {"orders"}


async def test_what_an_order_brings_about_elsewhere_is_in_the_stream_too(shop: Any) -> None:
    async with aclosing(heard(shop, "admin", "agents.*")) as stream:
        assert (await anext(stream))["type"] == "open"
        order = await placed(shop)
        async for event in stream:
            if event["envelope"]["data"]["entry"]["order_id"] == order["id"]:
                break

    assert event["type"] == "agents.commission_accrued.v1"
    assert event["envelope"]["producer"] == "agents"


async def test_a_clerk_hears_of_no_commission(shop: Any) -> None:
    refused = await shop.people["clerk"].http.get("/v1/events", params={"types": "agents.*"})
    assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN")

    producers = set()
    async with aclosing(heard(shop, "clerk", "*")) as stream:
        assert (await anext(stream))["type"] == "open"
        order = await placed(shop)
        async for event in (event async for event in stream if event["id"]):
            producers.add(event["id"].partition("-")[0])
            mail = event["envelope"]["data"].get("mail")
            if mail and mail["order_id"] == order["id"]:  # the last to speak of it
                break

    assert "orders" in producers
    assert not producers & {"agents", "identity"}


async def test_a_client_that_comes_back_hears_exactly_what_it_missed(shop: Any) -> None:
    async with aclosing(heard(shop, "clerk", "orders.*")) as stream:
        assert (await anext(stream))["type"] == "open"
        order = await placed(shop)
        last = (await about(stream, order, LIFE[0]))[-1]["id"]

    await paid(shop, order)
    missed = await placed(shop)
    async with aclosing(heard(shop, "clerk", "orders.*", last=last)) as stream:
        assert (await anext(stream))["type"] == "open"
        live = await placed(shop)
        again = []
        async for event in stream:
            again.append(event)
            if event["envelope"]["aggregate_id"] == live["id"]:
                break

    numbers = [int(event["id"].removeprefix("orders-")) for event in again]
    begin = int(last.removeprefix("orders-")) + 1
    assert numbers == list(range(begin, begin + len(numbers)))
    ours = {order["id"], missed["id"], live["id"]}
    said = [(event["type"], event["envelope"]["aggregate_id"]) for event in again]
    assert [one for one in said if one[1] in ours] == [
        (LIFE[1], order["id"]),
        (LIFE[2], order["id"]),
        (LIFE[0], missed["id"]),
        (LIFE[0], live["id"]),
    ]


@pytest.mark.parametrize(("who", "status", "code"), [("paul", 403, "FORBIDDEN"), ("visitor", 401, "UNAUTHORIZED")])
async def test_agents_and_visitors_hear_nothing(shop: Any, who: str, status: int, code: str) -> None:
    answer = await shop.people[who].http.get("/v1/events")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("last", ["orders", "nobody-3", "-1", "orders-x"])
async def test_an_event_id_that_was_never_given_out_is_refused_by_name(shop: Any, last: str) -> None:
    answer = await shop.people["clerk"].http.get("/v1/events", headers={"Last-Event-ID": last})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/Last-Event-ID"]
