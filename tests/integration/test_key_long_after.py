"""What creates something once does so for good: the inbox forgets an answer after 30 days, the thing made does not."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.integration.answers import fresh_key, refusal
from tests.integration.making import MADE, Body, address_of, completed

AT_WORK = {"/v1/imports", "/v1/price-changes"}  # what they made goes on by itself
BY_BYTES = {"/v1/uploads"}  # not a JSON body; services/catalog/tests/test_uploads.py tries it


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

    assert again.status_code == 201
    assert again.json() == first.json() or (path in AT_WORK and again.json()["id"] == first.json()["id"])
    assert refusal(other) == (422, "IDEMPOTENCY_MISMATCH")


async def test_every_path_that_makes_something_is_tried_here(shop: Any) -> None:
    api = (await shop.people["visitor"].http.get("/openapi.json")).json()
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    making = {
        path
        for path, described in api["paths"].items()
        if key in described.get("post", {}).get("parameters", ()) and "201" in described["post"]["responses"]
    }

    assert making == MADE.keys() | BY_BYTES
