"""What a refusal must say over HTTP, and what tests of refusals begin with."""

from typing import Any

import httpx

from shared.kernel.ids import new_id


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem an answer is, once everything a problem must say is found in it."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    assert document["trace_id"] == answer.headers["x-request-id"]
    assert document["type"] == "/problems/" + document["code"].lower().replace("_", "-")
    assert document["title"]
    assert len(document["detail"]) > 10
    for error in document.get("errors", ()):
        assert error.keys() == {"pointer", "code", "message"}
        assert error["message"]
    return document


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of the problem an answer is."""
    return answer.status_code, str(problem(answer)["code"])


def pointers(answer: httpx.Response) -> list[str]:
    """Return which fields a refusal names."""
    return [error["pointer"] for error in problem(answer).get("errors", ())]


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def fresh_key() -> dict[str, str]:
    """Return an Idempotency-Key header nobody used before."""
    return {"Idempotency-Key": str(new_id())}


async def stocked(shop: Any, pieces: int) -> str:
    """Put a product of its own on sale, so many pieces of it at 10 EUR; return its SKU."""
    admin, sku = shop.people["admin"], f"EDGE-{new_id()}"
    variant = {"sku": sku, "base_price": euros("10.00")}
    await admin.create("/v1/products", str(new_id()), {"name": "Edge", "variants": [variant]})
    await admin.create("/v1/stock/receipts", str(new_id()), {"sku": sku, "quantity": pieces, "reference": "Opening"})
    return sku


async def left(shop: Any, sku: str) -> float:
    """Return how many pieces of a SKU may still be ordered."""
    available: float = (await shop.people["admin"].get("/v1/stock", sku=sku))["items"][0]["available"]
    return available


async def refused(shop: Any, sku: str, body: dict[str, Any], who: str = "paul") -> httpx.Response:
    """Try to order for Lucie; return the answer once it is certain that no order and no hold came of it.

    A field whose value is `...` is left out.
    """
    reference = f"edge-{new_id()}"
    wanted = {"customer_id": await shop.customer_id("lucie"), "reference": reference} | body
    wanted = {name: value for name, value in wanted.items() if value is not ...}
    before = await left(shop, sku)
    answer: httpx.Response = await shop.people[who].http.post("/v1/orders", json=wanted, headers=fresh_key())
    assert not answer.is_success, answer.text
    assert (await shop.people["admin"].get("/v1/orders", reference=reference))["items"] == []
    assert await left(shop, sku) == before
    return answer


async def sold(shop: Any, request_id: str | None = None) -> dict[str, Any]:
    """Have Paul sell Lucie something; return the order."""
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": "THE-100", "quantity": 1}]}
    headers = fresh_key() | ({"X-Request-Id": request_id} if request_id else {})
    answer = await shop.people["paul"].http.post("/v1/orders", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order
