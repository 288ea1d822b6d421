"""Accounts over HTTP: sessions and how they end, closed accounts, roles."""

import json
import time
from typing import Any

import httpx

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.signing_in import PASSWORD, READS, employee, got, read_everywhere, refreshed, signed_in

CLOSED_WITHIN = 5.0  # seconds until a closed account is refused everywhere


async def test_a_session_goes_on_by_refresh_and_a_refresh_token_used_twice_ends_it(shop: Any) -> None:
    first = await signed_in(shop, await employee(shop, "order_clerk"))
    assert first["expires_in"] <= 600

    second = await refreshed(shop, first)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert (await got(shop, "/v1/me", second.json()["access_token"])).status_code == 200

    reused = await refreshed(shop, first)
    assert (reused.status_code, reused.json()["code"]) == (401, "REFRESH_REFUSED")
    # Whoever has the newer token may be the thief: it is worth nothing any more either.
    ended = await refreshed(shop, second.json())
    assert (ended.status_code, ended.json()["code"]) == (401, "REFRESH_REFUSED")


async def test_signing_out_ends_the_session_and_no_other(shop: Any) -> None:
    account = await employee(shop, "order_clerk")
    left, stays = await signed_in(shop, account), await signed_in(shop, account)

    body = {"refresh_token": left["refresh_token"]}
    answer = await shop.people["visitor"].http.request("DELETE", "/v1/sessions", json=body)

    assert answer.status_code == 204
    assert (await refreshed(shop, left)).status_code == 401
    assert (await refreshed(shop, stays)).status_code == 200


async def test_an_unknown_address_a_wrong_password_and_a_closed_account_get_the_same_answer(shop: Any) -> None:
    account, closed = await employee(shop, "order_clerk"), await employee(shop, "order_clerk")
    await shop.people["admin"].post(f"/v1/accounts/{closed['id']}/closure", {"reason": "left"})
    attempts = (
        {"email": f"{new_id()}@nobody.example", "password": PASSWORD},
        {"email": account["email"], "password": "not this one"},
        {"email": closed["email"], "password": PASSWORD},
    )

    answers = [await shop.people["visitor"].http.post("/v1/sessions", json=body) for body in attempts]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    told = [{name: value for name, value in answer.json().items() if name != "trace_id"} for answer in answers]
    assert told[0] == told[1] == told[2]
    assert told[0]["code"] == "SIGN_IN_FAILED"
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1


async def test_a_closed_account_is_refused_by_every_service_within_5_seconds(shop: Any) -> None:
    account = await employee(shop, "admin")
    tokens = await signed_in(shop, account)
    assert await read_everywhere(shop, tokens["access_token"]) == dict.fromkeys(READS, (200, ""))

    await shop.people["admin"].post(f"/v1/accounts/{account['id']}/closure", {"reason": "left the shop"})
    closed_at = time.monotonic()

    async def refused_everywhere() -> None:
        assert await read_everywhere(shop, tokens["access_token"]) == dict.fromkeys(READS, (401, "ACCOUNT_CLOSED"))
        stream = await got(shop, "/v1/events", tokens["access_token"])
        assert (stream.status_code, stream.json()["code"]) == (401, "ACCOUNT_CLOSED")

    await eventually(refused_everywhere, within=CLOSED_WITHIN)
    assert time.monotonic() - closed_at < CLOSED_WITHIN + 1
    assert (await refreshed(shop, tokens)).status_code == 401

    await shop.people["admin"].post(f"/v1/accounts/{account['id']}/reopening", {})

    async def let_in_everywhere() -> None:
        assert await read_everywhere(shop, tokens["access_token"]) == dict.fromkeys(READS, (200, ""))

    await eventually(let_in_everywhere, within=CLOSED_WITHIN)


async def test_an_open_event_stream_ends_when_its_account_is_closed(shop: Any) -> None:
    account = await employee(shop, "order_clerk")
    token = (await signed_in(shop, account))["access_token"]
    async with (
        httpx.AsyncClient(base_url=shop.url, timeout=CLOSED_WITHIN + 5) as http,
        http.stream("GET", "/v1/events", headers={"Authorization": f"Bearer {token}"}) as stream,
    ):
        assert stream.status_code == 200
        await shop.people["admin"].post(f"/v1/accounts/{account['id']}/closure", {"reason": "left the shop"})
        lines = [line async for line in stream.aiter_lines()]

    assert "event: problem" in lines
    said = json.loads(lines[lines.index("event: problem") + 1].removeprefix("data: "))
    assert said["code"] == "ACCOUNT_CLOSED"


async def test_another_role_holds_from_the_next_access_token_on(shop: Any) -> None:
    account = await employee(shop, "order_clerk")
    tokens = await signed_in(shop, account)
    assert (await got(shop, "/v1/commissions", tokens["access_token"])).status_code == 403
    assert (await got(shop, "/v1/mails", tokens["access_token"])).status_code == 200

    await shop.people["admin"].edit(
        "PUT", f"/v1/accounts/{account['id']}/roles", {"roles": ["accountant"]}, f"/v1/accounts/{account['id']}"
    )
    tokens = (await refreshed(shop, tokens)).json()

    assert (await got(shop, "/v1/commissions", tokens["access_token"])).status_code == 200
    assert (await got(shop, "/v1/mails", tokens["access_token"])).status_code == 403
