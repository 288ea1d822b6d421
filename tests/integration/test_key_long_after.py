"""What creates something once does so for good: the inbox forgets an answer after 30 days, the thing made does not."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import asyncpg
import httpx
import pytest
from PIL import Image

from shared.kernel.ids import new_id
from tests.integration.answers import euros, fresh_key, refusal

Body = dict[str, Any]


def unique(prefix: str) -> str:
    return f"{prefix}-{str(new_id())[-12:]}"


def address() -> str:
    return f"{new_id()}@later.example"


def account() -> Body:
    login = {"email": address(), "password": "a good long one 9"}
    return {"type": "staff", "name": "L", "roles": ["order_clerk"]} | login


def agent_group() -> Body:
    return {"code": unique("l"), "name": "L", "commission_percent": "1", "override_percent": "1"}


def transfer() -> Body:
    return {"amount": euros("1.00"), "value_date": "2026-11-20", "reference": unique("VIR")}


def product() -> Body:
    return {"name": "Later", "variants": [variant()]}


def variant() -> Body:
    return {"sku": unique("LATER"), "base_price": euros("10.00")}


def content_block() -> Body:
    return {"placement": unique("l"), "texts": {"fr": {"title": "L"}}}


# Of every path that makes something: who makes it, a body that is good, and what another body differs in.
MADE: dict[str, tuple[str, str, Callable[[], Body], Body]] = {
    "/v1/orders": ("orders", "paul", lambda: {"lines": [{"sku": "THE-100", "quantity": 1}]}, {"reference": "other"}),
    "/v1/orders/{order_id}/payments": ("orders", "clerk", transfer, {"reference": "other"}),
    "/v1/customers": ("customers", "admin", lambda: {"email": address(), "name": "L"}, {"name": "Other"}),
    "/v1/companies": ("customers", "admin", lambda: {"legal_name": "Later SARL"}, {"legal_name": "Other SARL"}),
    "/v1/customer-groups": ("customers", "admin", lambda: {"code": unique("l"), "name": "L"}, {"name": "Other"}),
    "/v1/agents": ("agents", "admin", lambda: {"email": address(), "name": "L"}, {"name": "Other"}),
    "/v1/agent-groups": ("agents", "admin", agent_group, {"name": "Other"}),
    "/v1/categories": ("catalog", "admin", lambda: {"code": unique("l"), "name": "L"}, {"name": "Other"}),
    "/v1/products": ("catalog", "admin", product, {"name": "Other"}),
    "/v1/products/{id}/variants": ("catalog", "admin", variant, {"name": "Other"}),
    "/v1/products/{id}/images": ("catalog", "admin", dict, {"alt": {"fr": "L"}}),
    "/v1/content-blocks": ("catalog", "admin", content_block, {"position": 3}),
    "/v1/stock/receipts": ("catalog", "admin", lambda: {"sku": "THE-100", "reference": "BL"}, {"quantity": 2}),
    "/v1/stock/adjustments": (
        "catalog",
        "admin",
        lambda: {"sku": "THE-100", "delta": 1, "reason": "Found behind the tea"},
        {"delta": 2},
    ),
    "/v1/stock/transfers": (
        "catalog",
        "admin",
        lambda: {"sku": "THE-100", "quantity": 1, "source": "main", "reference": "Lorry"},
        {"quantity": 2},
    ),
    "/v1/warehouses": ("catalog", "admin", lambda: {"code": unique("w"), "name": "L"}, {"name": "Other"}),
    "/v1/accounts": ("identity", "admin", account, {"password": "another long one 9"}),
}


async def completed(shop: Any, path: str, body: Body) -> Body:
    """Return a body with what only this shop can say."""
    if path == "/v1/orders":
        return body | {"customer_id": await shop.customer_id("lucie")}
    if path == "/v1/agents":
        return body | {"group_id": (await shop.people["admin"].get("/v1/agent-groups"))["items"][0]["id"]}
    if path == "/v1/products/{id}/images":
        return body | {"upload_id": await photograph(shop)}
    if path == "/v1/stock/transfers":
        target = {"code": unique("w"), "name": "Later"}
        await shop.people["admin"].create("/v1/warehouses", str(new_id()), target)
        return body | {"target": target["code"]}
    return {"quantity": 1} | body if path == "/v1/stock/receipts" else body


async def photograph(shop: Any) -> str:
    """Return an upload with a picture in it."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    sent = {"params": {"name": "red.png"}, "content": file.getvalue(), "headers": fresh_key()}
    upload: str = (await shop.people["admin"].http.post("/v1/uploads", **sent)).json()["id"]
    return upload


async def address_of(shop: Any, path: str) -> str:
    """Return a path with its order or product, made for it, filled in."""
    if path.startswith("/v1/products/{id}/"):
        made = await shop.people["admin"].create("/v1/products", str(new_id()), product())
        return path.format(id=made["id"])
    if "{order_id}" not in path:
        return path
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": "THE-100", "quantity": 1}]}
    order = await shop.people["paul"].create("/v1/orders", str(new_id()), body)
    return path.format(order_id=order["id"])


async def forget_answers(shop: Any, service: str) -> None:
    """Let the inbox of a service be as it is 30 days later."""
    connection = await asyncpg.connect(shop.house.postgres.url(service, driver="postgresql"))
    await connection.execute("DELETE FROM inbox")
    await connection.close()


@pytest.mark.parametrize("path", MADE)
async def test_a_key_that_comes_back_long_after_makes_nothing_twice_and_nothing_else(shop: Any, path: str) -> None:
    service, who, good, change = MADE[path]
    headers, body = fresh_key(), await completed(shop, path, good())
    url = await address_of(shop, path)

    async def sent(what: Body) -> httpx.Response:
        answer: httpx.Response = await shop.people[who].http.post(url, json=what, headers=headers)
        return answer

    first = await sent(body)
    assert first.status_code == 201, first.text
    await forget_answers(shop, service)
    again = await sent(body)
    await forget_answers(shop, service)
    other = await sent(body | change)

    assert (again.status_code, again.json()) == (201, first.json())
    assert refusal(other) == (422, "IDEMPOTENCY_MISMATCH")


async def test_every_path_that_makes_something_is_tried_here(shop: Any) -> None:
    api = (await shop.people["visitor"].http.get("/openapi.json")).json()
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    making = {
        path
        for path, described in api["paths"].items()
        if key in described.get("post", {}).get("parameters", ()) and "201" in described["post"]["responses"]
    }

    assert making == MADE.keys()
