from typing import Any

import httpx
import pytest

from services.gateway import answers
from services.gateway.examples import people
from shared.contracts.orders.orders import OrderSummary
from shared.contracts.values import Page
from shared.messaging.rpc import RawReply

CURSOR = "MjAyNi0xMS0yMVQwOTozMDowMCswMDowMHwwMTky"


def page(example: Any, following: str | None) -> Page[OrderSummary]:
    return Page[OrderSummary](items=[example(OrderSummary)], next=following)


async def test_a_page_links_to_the_next_with_all_that_was_asked(
    http: httpx.AsyncClient, owners: Any, example: Any
) -> None:
    owners.answers["ListOrders"] = page(example, CURSOR)
    first = await http.get("/v1/orders?status=confirmed&cursor=abc&limit=1&reference=a%26b")

    assert first.json()["next"] == CURSOR
    link = first.links["next"]["url"]
    assert link == f"/v1/orders?status=confirmed&limit=1&reference=a%26b&cursor={CURSOR}"
    await http.get(link)
    assert (owners.asked[1].cursor, owners.asked[1].limit, owners.asked[1].reference) == (CURSOR, 1, "a&b")


async def test_the_last_page_links_nowhere(http: httpx.AsyncClient, owners: Any, example: Any) -> None:
    owners.answers["ListOrders"] = page(example, None)

    assert "link" not in (await http.get("/v1/orders")).headers


async def test_a_list_below_a_resource_links_to_its_own_next_page(
    http: httpx.AsyncClient, owners: Any, example: Any
) -> None:
    owners.answers["ListParked"] = lambda _: Page[Any](items=[], next=CURSOR)
    answer = await http.get("/v1/operations/orders/parked")

    assert answer.links["next"]["url"] == f"/v1/operations/orders/parked?cursor={CURSOR}"


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        (b'{"id":"1","version":12}', '"12"'),
        (b'{"version": 12, "id": "1"}', '"12"'),
        (b'{"id":"1","version":3,"lines":[{"version":9}]}', '"3"'),
        (b'{"id":"1","lines":[{"version":9}],"version":3}', '"3"'),
        (b'{"name":",\\"version\\":9}","version":3}', '"3"'),
    ],
)
def test_the_version_is_the_resources_own_wherever_it_stands(body: bytes, tag: str) -> None:
    assert answers.etag(body) == tag


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"%b","version":1}' % people.ORDER.encode(),
        b'{"version": 1, "id": "%b"}' % people.ORDER.encode(),
    ],
)
def test_a_location_is_made_of_the_id_wherever_it_stands(body: bytes) -> None:
    made = answers.created(RawReply(body), "/v1/orders/{id}")

    assert made.headers["location"] == f"/v1/orders/{people.ORDER}"


@pytest.mark.parametrize("body", [b'{"items":[1,2],"next":null}', b'{"next": "x", "items": [1, 2]}'])
def test_the_items_of_a_page_are_cut_out_whole(body: bytes) -> None:
    assert answers.items(RawReply(body)).body == b"[1,2]"
