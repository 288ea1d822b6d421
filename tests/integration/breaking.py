"""Breaking a house on purpose: selling meanwhile, and waiting until all is well and everyone has heard once."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from shared.kernel.ids import new_id
from shared.testing import eventually

SKU = "THE-100"
HEALED = 5.0  # seconds until the house sells again by itself


async def order_of(shop: Any, quantity: int = 1) -> dict[str, Any]:
    """Return an order for Lucie that no other has the reference of."""
    lines = [{"sku": SKU, "quantity": quantity}]
    return {"customer_id": await shop.customer_id("lucie"), "reference": f"frail-{new_id()}", "lines": lines}


async def place(shop: Any, body: dict[str, Any], key: dict[str, str]) -> httpx.Response:
    answer: httpx.Response = await shop.people["paul"].http.post("/v1/orders", json=body, headers=key)
    return answer


async def placed(shop: Any, body: dict[str, Any], key: dict[str, str]) -> dict[str, Any]:
    answer = await place(shop, body, key)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def orders_called(shop: Any, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.people["admin"].get("/v1/orders", reference=reference))["items"]
    return found


async def whole(shop: Any) -> None:
    """Wait until every process says that it is ready."""
    await asyncio.gather(*(shop.house.ready(name) for name in shop.house.layout.names))


async def killed(shop: Any, *names: str) -> None:
    await asyncio.gather(*(shop.house.kill(name) for name in names))


async def restarted(shop: Any, *names: str) -> None:
    await asyncio.gather(*(shop.house.restart(name, ready=True) for name in names))


async def everyone_heard_once(shop: Any, *orders: dict[str, Any]) -> None:
    """Wait until these sales have their commissions and mails, one of each."""

    async def heard() -> None:
        for order in orders:
            await heard_once(shop, order)

    await eventually(heard, within=60)


async def heard_once(shop: Any, order: dict[str, Any]) -> None:
    entries = (await shop.people["admin"].get("/v1/commissions", order_id=order["id"]))["items"]
    assert Counter((entry["kind"], entry["level"]) for entry in entries) == {("accrued", 0): 1, ("accrued", 1): 1}
    for who in ("lucie", "paul"):
        mails = [mail for mail in await shop.mails(shop.logins[who].email) if str(order["number"]) in mail["subject"]]
        assert len({mail["message_id"] for mail in mails}) == len(mails) == 1


async def sells_again(shop: Any, body: dict[str, Any], key: dict[str, str]) -> dict[str, Any]:
    """Repeat a placement with its key until it is accepted, as it must be soon by itself; return the order."""
    order: dict[str, Any] = await eventually(lambda: placed(shop, body, key), within=HEALED)
    return order
