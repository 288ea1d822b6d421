"""A projection that was lost is heard again, and is what it was."""

from typing import Any

import asyncpg
import pytest

from shared.testing import eventually

REASON = "its table was lost"
PATIENCE = 60.0  # seconds; all that the house was told in all its tests is heard again


async def rows(shop: Any, service: str, table: str) -> list[Any]:
    connection = await asyncpg.connect(shop.house.postgres.url(service, driver="postgresql"))
    try:
        return [dict(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1")]  # a name of our own
    finally:
        await connection.close()


async def emptied(shop: Any, service: str, table: str) -> None:
    connection = await asyncpg.connect(shop.house.postgres.url(service, driver="postgresql"))
    try:
        await connection.execute(f"DELETE FROM {table}")
    finally:
        await connection.close()


async def everything_is_heard(shop: Any) -> None:
    said = (await shop.people["admin"].get("/v1/operations/orders/status"))["relay"]["last_seq"]
    for service in ("agents", "notifications", "catalog"):
        state = await shop.people["admin"].get(f"/v1/operations/{service}/status")
        assert [cursor["seq"] for cursor in state["cursors"] if cursor["producer"] == "orders"] == [said]
        assert not state["jobs_due"]


@pytest.mark.parametrize(("service", "table"), [("catalog", "buyers"), ("orders", "buyers")])
async def test_a_lost_projection_of_buyers_is_rebuilt_equal(shop: Any, service: str, table: str) -> None:
    before = await rows(shop, service, table)
    await emptied(shop, service, table)

    path = f"/v1/operations/{service}/replays"
    answer = await shop.people["admin"].http.post(path, json={"producer": "customers", "from_seq": 1, "reason": REASON})
    assert answer.status_code == 204, answer.text

    async def rebuilt() -> None:
        assert await rows(shop, service, table) == before

    await eventually(rebuilt, within=PATIENCE)


async def test_hearing_every_order_again_changes_no_commission_and_sends_no_mail(
    shop: Any, key: dict[str, str]
) -> None:
    body: Any = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": "THE-100", "quantity": 2}]}
    await shop.people["paul"].create("/v1/orders", key["Idempotency-Key"], body)
    await eventually(lambda: everything_is_heard(shop), within=PATIENCE)
    entries = await rows(shop, "agents", "entries")
    mails = await rows(shop, "notifications", "mails")
    for service in ("agents", "notifications", "catalog"):
        path = f"/v1/operations/{service}/replays"
        body = {"producer": "orders", "from_seq": 1, "reason": REASON}
        assert (await shop.people["admin"].http.post(path, json=body)).status_code == 204

    await eventually(lambda: everything_is_heard(shop), within=PATIENCE)
    assert await rows(shop, "agents", "entries") == entries
    assert await rows(shop, "notifications", "mails") == mails


async def test_only_what_was_heard_can_be_heard_again(shop: Any) -> None:
    body = {"producer": "customers", "from_seq": 10_000_000, "reason": REASON}
    answer = await shop.people["admin"].http.post("/v1/operations/catalog/replays", json=body)

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_HEARD_YET")
