"""Another OIDC issuer in identity's place: its keys are read over HTTP, its subjects are looked up."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from shared.contracts.actor import Actor, ActorType
from shared.contracts.identity import AccountNotFound, GetSigningKeys
from shared.kernel import clock
from shared.messaging.callers import AccountClosed, Callers
from shared.messaging.keyring import keys_at
from shared.settings import BusSettings
from shared.testing import answering
from shared.testing.tokens import ACCOUNT, AGENT, OURS, Issuer, token

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture(autouse=True)
def noon():
    with clock.stopped(NOW):
        yield


async def test_another_issuers_subject_is_looked_up_and_believed_for_a_minute():
    asked = []
    linked = Actor(type=ActorType.STAFF, id=ACCOUNT, account_id=ACCOUNT, permissions=frozenset({"operate"}))

    async def resolve(issuer: str, subject: str) -> Actor:
        asked.append((issuer, subject))
        return linked

    callers = Callers("https://login.example", "shop", Issuer(RSA), resolve)
    shown = token(
        RSA, {"alg": "RS256", "kid": RSA.kid, "typ": "JWT"}, iss="https://login.example", aud=["shop"], sub="auth0|7"
    )

    assert await callers.actor(shown) == linked
    assert await callers.actor(shown) == linked
    assert asked == [("https://login.example", "auth0|7")]
    with clock.stopped(NOW + timedelta(seconds=61)):
        await callers.actor(shown)
    assert len(asked) == 2


async def test_another_issuers_token_does_not_choose_its_own_permissions():
    async def resolve(issuer: str, subject: str) -> Actor:
        raise AccountNotFound

    callers = Callers("https://login.example", "shop", Issuer(RSA), resolve)
    shown = token(
        RSA,
        {"alg": "RS256", "kid": RSA.kid, "typ": None},
        iss="https://login.example",
        aud="shop",
        actor_type="staff",
        permissions=["operate"],
    )

    with pytest.raises(AccountClosed, match="linked"):
        await callers.actor(shown)


async def test_a_process_asks_identity_for_keys_unless_told_of_another_issuer():
    ask = answering(GetSigningKeys=await Issuer(OURS)())
    assert (await Callers.from_settings(BusSettings(), ask).actor(token())).id == AGENT
    assert [type(request) for request in ask.requests] == [GetSigningKeys]

    with pytest.raises(ValueError, match="COURTIER_JWKS_URL"):
        Callers.from_settings(BusSettings(jwks_url="file:///etc/passwd"), ask)


async def test_another_issuers_keys_are_read_over_http_and_its_subjects_resolved(http_keys):
    linked = Actor(type=ActorType.STAFF, id=ACCOUNT, account_id=ACCOUNT)
    settings = BusSettings(jwks_url=http_keys, issuer="https://login.example", audience="shop")
    callers = Callers.from_settings(settings, answering(ResolveSubject=linked))

    shown = token(RSA, {"alg": "RS256", "kid": RSA.kid, "typ": "JWT"}, iss="https://login.example", aud="shop", sub="7")

    assert await callers.actor(shown) == linked


@pytest.fixture
def http_keys():
    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"keys": [RSA.as_dict(private=False)]}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    server.server_close()


def test_keys_are_read_over_http_only():
    with pytest.raises(ValueError, match="http"):
        keys_at("ftp://example/keys")
