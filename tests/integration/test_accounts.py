"""Accounts over HTTP: sessions and how they end, closed accounts, roles, tokens that are none, secrets in no log."""

import asyncio
import base64
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey, OKPKey

from courtier.client import Api
from shared.kernel.ids import new_id
from shared.testing import eventually
from shared.testing.tokens import token as signed

PASSWORD = "correct horse 7 staple"
# One read of each service, that an admin may do.
READS = {
    "identity": "/v1/me",
    "catalog": "/v1/stock",
    "customers": "/v1/customers",
    "orders": "/v1/orders",
    "agents": "/v1/agents",
    "notifications": "/v1/mails",
}
CLOSED_WITHIN = 5.0  # seconds, settled 21


async def employee(shop: Any, *roles: str) -> dict[str, Any]:
    """Open a staff account of its own, so that no other test's sessions are touched."""
    body = {"type": "staff", "email": f"{new_id()}@staff.example", "name": "Sam Roy", "password": PASSWORD}
    account: dict[str, Any] = await shop.people["admin"].create(
        "/v1/accounts", str(new_id()), body | {"roles": list(roles)}
    )
    return account


async def signed_in(shop: Any, account: dict[str, Any]) -> dict[str, Any]:
    answer = await shop.people["visitor"].http.post(
        "/v1/sessions", json={"email": account["email"], "password": PASSWORD}
    )
    assert answer.status_code == 201, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


async def refreshed(shop: Any, tokens: dict[str, Any]) -> Any:
    body = {"refresh_token": tokens["refresh_token"]}
    return await shop.people["visitor"].http.post("/v1/sessions/refresh", json=body)


async def got(shop: Any, path: str, token: str) -> Any:
    return await shop.people["visitor"].http.get(path, headers={"Authorization": f"Bearer {token}"})


async def read_everywhere(shop: Any, token: str) -> dict[str, tuple[int, str]]:
    """Ask every service for something with this token; return status and code of each answer."""
    answers = await asyncio.gather(*(got(shop, path, token) for path in READS.values()))
    return {
        name: (answer.status_code, "" if answer.is_success else answer.json()["code"])
        for name, answer in zip(READS, answers, strict=True)
    }


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


def decoded(part: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


def encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def forgeries(shop: Any) -> dict[str, str]:
    """Return tokens that claim to be an admin's and are not this shop's: each is wrong in one thing."""
    genuine = (await signed_in(shop, await employee(shop, "admin")))["access_token"]
    header, payload, signature = genuine.split(".")
    claims, key = decoded(payload), OKPKey.generate_key("Ed25519")
    kid = decoded(header)["kid"]
    clerk = (await signed_in(shop, await employee(shop, "order_clerk")))["access_token"].split(".")
    return {
        "signed with a key of one's own": signed(key, {"kid": kid}, **claims),
        "signed with a key nobody knows": signed(key, {"kid": "mine"}, **claims),
        "signed with the name of the key as a shared secret": signed(
            OctKey.import_key(kid), {"kid": kid, "alg": "HS256"}, **claims
        ),
        "not signed at all": f"{encoded({'alg': 'none', 'typ': 'at+jwt', 'kid': kid})}.{payload}.",
        "brings its own key": signed(key, {"kid": kid, "jwk": key.as_dict(private=False)}, **claims),
        "a clerk's, with an admin's permissions": ".".join(
            (clerk[0], encoded(decoded(clerk[1]) | {"permissions": claims["permissions"]}), clerk[2])
        ),
        "prolonged": f"{header}.{encoded(claims | {'exp': claims['exp'] + 3600})}.{signature}",
        "cut short": genuine[:-8],
        "no token": "nonsense",
    }


async def test_a_forged_token_is_refused_by_every_service(shop: Any) -> None:
    for what, token in (await forgeries(shop)).items():
        answers = await read_everywhere(shop, token)

        assert set(answers.values()) == {(401, "TOKEN_INVALID")}, f"{what}: {answers}"


async def test_a_forged_token_changes_nothing_and_reads_no_events(shop: Any, key: dict[str, str]) -> None:
    token = (await forgeries(shop))["signed with a key of one's own"]
    headers = {"Authorization": f"Bearer {token}"}
    customer = await shop.customer_id("lucie")
    body = {"customer_id": customer, "lines": [{"sku": "THE-100", "quantity": 1}], "reference": str(new_id())}

    placed = await shop.people["visitor"].http.post("/v1/orders", json=body, headers=headers | key)
    heard = await got(shop, "/v1/events", token)

    assert (placed.status_code, heard.status_code) == (401, 401)
    assert (await shop.people["admin"].get("/v1/orders", reference=body["reference"]))["items"] == []


@pytest.fixture
async def secrets(shop: Any) -> dict[str, str]:
    """Return every secret that went through the house, after provoking the refusals that might write one down."""
    account = await employee(shop, "order_clerk")
    tokens = await signed_in(shop, account)
    wrong = "my secret that I mistyped"
    visitor: Api = shop.people["visitor"]
    for body in (
        {"email": account["email"], "password": wrong},
        {"email": account["email"], "password": [wrong]},
        {"email": wrong, "password": wrong},
        {"e-mail": account["email"], "password": wrong},
    ):
        await visitor.http.post("/v1/sessions", json=body)
    guess = {"secret": "guessed-bootstrap-secret", "email": "x@y.example", "name": "X", "password": PASSWORD}
    await visitor.http.post("/v1/bootstrap", json=guess)
    for _ in range(2):
        await refreshed(shop, tokens)
    await got(shop, "/v1/orders", tokens["access_token"] + "x")
    own = {name: login.password for name, login in shop.logins.items()}
    house = json.loads((shop.house.data_dir / "secrets.json").read_text())
    kinds = ("access_token", "refresh_token")
    sent = {"employee": PASSWORD, "mistyped": wrong, "guess": guess["secret"]} | {name: tokens[name] for name in kinds}
    signed_by = {name: api.http.headers["Authorization"] for name, api in shop.people.items() if name != "visitor"}
    return own | house | sent | {f"{name}'s token": value.split(".")[2] for name, value in signed_by.items()}


async def test_no_log_holds_a_password_a_token_or_a_key(shop: Any, secrets: dict[str, str]) -> None:
    logs: dict[Path, str] = {path: path.read_text(errors="replace") for path in shop.house.logs.iterdir()}
    assert {"identity.log", "gateway.log", "nats.log", "postgres.log"} <= {path.name for path in logs}

    found = [
        f"{path.name}: {name}" for path, text in logs.items() for name, secret in secrets.items() if secret in text
    ]

    assert found == []
