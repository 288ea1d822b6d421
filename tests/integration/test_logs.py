"""What the logs tell: every service's part of one sale by one id, and what happened."""

from typing import Any

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import fresh_key, sold
from tests.integration.logs import lines


async def test_one_id_follows_a_sale_through_the_logs_of_every_service(shop: Any) -> None:
    request_id = str(new_id())
    await sold(shop, request_id)

    async def followed() -> None:
        services = ("gateway", "orders", "catalog", "agents", "notifications")
        ids = {name: {line.get("correlation_id") for line in lines(shop, name)} for name in services}
        assert [name for name in services if request_id not in ids[name]] == []

    await eventually(followed)


async def test_an_id_that_is_none_is_not_taken_over(shop: Any) -> None:
    answers = [
        await shop.people["visitor"].http.get("/v1/categories", headers={"X-Request-Id": given})
        for given in ("my-request-1", 'a"b', "x" * 300, "a b")
    ]

    ids = [answer.headers["x-request-id"] for answer in answers]
    assert ids[0] == "my-request-1"
    assert not {'a"b', "x" * 300, "a b"} & set(ids)


async def test_a_log_line_says_what_happened(shop: Any) -> None:
    request_id = str(new_id())
    body = {"customer_id": str(new_id()), "lines": [{"sku": "THE-100", "quantity": 1}]}
    headers = fresh_key() | {"X-Request-Id": request_id}
    await shop.people["paul"].http.post("/v1/orders", json=body, headers=headers)

    (line,) = [one for one in lines(shop, "orders") if one.get("correlation_id") == request_id]
    assert "CUSTOMER_NOT_FOUND" in line["message"]
