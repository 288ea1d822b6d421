from typing import Any

import httpx
import pytest

from shared.contracts.orders.orders import PlaceOrder
from shared.kernel.problems import IdempotencyKeyRequired

ORDER = {"lines": [{"sku": "CAFE-1KG", "quantity": 1}]}


async def test_a_key_reaches_the_owner_and_a_replay_says_so(http: httpx.AsyncClient, owners: Any) -> None:
    first = await http.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "k 1"})
    owners.replayed = True
    again = await http.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": "k 1"})

    assert owners.keys == ["k 1", "k 1"]
    assert "idempotency-replayed" not in first.headers
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content


async def test_a_missing_key_is_the_owners_to_refuse(http: httpx.AsyncClient, owners: Any) -> None:
    owners.answers["PlaceOrder"] = IdempotencyKeyRequired()
    answer = await http.post("/v1/orders", json=ORDER)

    assert (answer.status_code, answer.json()["code"], owners.keys) == (400, "IDEMPOTENCY_KEY_REQUIRED", [None])


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "tab\there", "clé"])
async def test_a_key_that_is_no_printable_text_is_refused(http: httpx.AsyncClient, owners: Any, key: str) -> None:
    answer = await http.post("/v1/orders", json=ORDER, headers={"Idempotency-Key": key.encode("utf-8")})

    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_INVALID")
    assert owners.asked == []


async def test_only_what_is_keyed_carries_the_key(http: httpx.AsyncClient, owners: Any) -> None:
    headers = {"Idempotency-Key": "k1"}
    await http.get("/v1/orders", headers=headers)
    await http.post("/v1/sessions", json={"email": "a@example.com", "password": "x"}, headers=headers)
    await http.post("/v1/orders", json=ORDER, headers=headers)

    assert owners.keys == [None, None, "k1"]
    assert isinstance(owners.asked[-1], PlaceOrder)
