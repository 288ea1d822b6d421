"""Tokens that are none open nothing; passwords, tokens and keys are in no log."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey, OKPKey

from courtier.client import Api
from shared.kernel.ids import new_id
from shared.testing.tokens import token as signed
from tests.integration.signing_in import PASSWORD, employee, got, read_everywhere, refreshed, signed_in


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
