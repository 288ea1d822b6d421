"""Of every path that makes something: a good body, and what another one differs in."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from shared.kernel.ids import new_id
from tests.integration.answers import euros, fresh_key

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


def price_list() -> Body:
    everyone = [{"kind": "everyone"}]
    return {"code": unique("l"), "name": "L", "level": "market", "currency": "EUR", "targets": everyone}


def promotion() -> Body:
    reduction = {"kind": "percent_off", "value": "1", "enabled": False}
    return {"code": unique("l"), "name": "L", "scope": "variant", "targets": ["THE-100"]} | reduction


def price_change() -> Body:
    return {"dry_run": True, "currency": "EUR", "kind": "percent", "value": "1"}


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
    "/v1/price-lists": ("catalog", "admin", price_list, {"name": "Other"}),
    "/v1/promotions": ("catalog", "admin", promotion, {"name": "Other"}),
    "/v1/price-changes": ("catalog", "admin", price_change, {"value": "2"}),
    "/v1/imports": ("catalog", "admin", lambda: {"kind": "stock", "dry_run": True}, {"on_error": "skip_bad"}),
    "/v1/accounts": ("identity", "admin", account, {"password": "another long one 9"}),
}


async def completed(shop: Any, path: str, body: Body) -> Body:
    """Return a body with what only this shop can say."""
    if path == "/v1/orders":
        return body | {"customer_id": await shop.customer_id("lucie")}
    if path == "/v1/agents":
        return body | {"group_id": (await shop.people["admin"].get("/v1/agent-groups"))["items"][0]["id"]}
    if path == "/v1/products/{id}/images":
        return body | {"upload_id": await uploaded(shop, photograph())}
    if path == "/v1/imports":
        return body | {"upload_id": await uploaded(shop, b"sku,quantity\nTHE-100,500\n")}
    if path == "/v1/stock/transfers":
        target = {"code": unique("w"), "name": "Later"}
        await shop.people["admin"].create("/v1/warehouses", str(new_id()), target)
        return body | {"target": target["code"]}
    return {"quantity": 1} | body if path == "/v1/stock/receipts" else body


def photograph() -> bytes:
    """Return a picture's file."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    return file.getvalue()


async def uploaded(shop: Any, content: bytes) -> str:
    """Return an upload with some bytes in it."""
    sent = {"params": {"name": "file"}, "content": content, "headers": fresh_key()}
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
