"""Another OIDC issuer in identity's place: its keys are read over HTTP, its subjects are looked up."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from urllib.error import URLError
from urllib.request import Request

import pytest
from joserfc.jwk import RSAKey

from shared.contracts.actor import Actor, ActorType
from shared.contracts.identity import AccountNotFound, GetSigningKeys
from shared.kernel import clock
from shared.kernel.problems import Unavailable
from shared.messaging.callers import AccountClosed, Callers, TokenInvalid
from shared.messaging.keyring import OnlyToHttps, keys_at
from shared.settings import BusSettings
from shared.testing import answering
from shared.testing.outside import Abroad, published
from shared.testing.tokens import ACCOUNT, AGENT, OURS, Issuer, token

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, auto_kid=True)
LOGIN = Abroad(RSA)


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
    shown = LOGIN.token("auth0|7", aud=["shop", "another"])

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
    shown = LOGIN.token(str(ACCOUNT), {"typ": None}, actor_type="staff", permissions=["operate"])

    with pytest.raises(AccountClosed, match="linked"):
        await callers.actor(shown)


async def test_a_process_asks_identity_for_keys_unless_told_of_another_issuer():
    ask = answering(GetSigningKeys=await Issuer(OURS)())
    assert (await Callers.from_settings(BusSettings(), ask).actor(token())).id == AGENT
    assert [type(request) for request in ask.requests] == [GetSigningKeys]


def test_keys_of_another_issuer_without_its_name_are_no_settings():
    with pytest.raises(ValueError, match="COURTIER_ISSUER"):
        BusSettings(jwks_url="https://login.example/keys")


async def test_the_operator_may_hear_why_a_token_is_refused(caplog):
    caplog.set_level(logging.DEBUG, "shared.messaging.callers")
    callers = Callers("https://login.example", "shop", Issuer(RSA), answering())
    shown = LOGIN.token("auth0|7", aud="another")

    with pytest.raises(TokenInvalid):
        await callers.actor(shown)

    assert "aud" in caplog.text
    assert shown not in caplog.text


async def test_the_operator_hears_that_keys_cannot_be_read(caplog):
    issuer = Issuer(RSA)
    issuer.away = True

    with pytest.raises(Unavailable):
        await Callers("https://login.example", "shop", issuer, answering()).actor(LOGIN.token("auth0|7"))

    assert "keys cannot be read: ConnectionError" in caplog.text


async def test_another_issuers_keys_are_read_over_http_and_its_subjects_resolved(http_keys):
    linked = Actor(type=ActorType.STAFF, id=ACCOUNT, account_id=ACCOUNT)
    settings = BusSettings(jwks_url=http_keys, issuer="https://login.example", audience="shop")
    callers = Callers.from_settings(settings, answering(ResolveSubject=linked))

    assert await callers.actor(LOGIN.token("7")) == linked


@pytest.fixture
def http_keys():
    with published(RSA) as address:
        yield address


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example/keys",
        "http://10.0.0.7/keys",
        "http://0.0.0.0/keys",
        "http://localhost.login.example/keys",
        "http://127.0.0.1@login.example/keys",
        "HTTP://login.example/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "https:///keys",
        "keys",
    ],
)
def test_keys_that_could_be_altered_on_their_way_are_no_settings(url):
    with pytest.raises(ValueError, match=r"COURTIER_JWKS_URL .*https://"):
        BusSettings(jwks_url=url, issuer="https://login.example")


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example/keys",
        "http://localhost:8080/keys",
        "http://127.0.0.1/keys",
        "http://127.9.9.9/keys",
        "http://[::1]:8080/keys",
    ],
)
def test_keys_over_https_or_from_this_machine_are_settings(url):
    assert BusSettings(jwks_url=url, issuer="https://login.example").jwks_url == url


async def test_a_redirect_that_leaves_https_is_not_followed(http_keys):
    moved = f"HTTP/1.1 302 Found\r\nLocation: {http_keys}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(moved.encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(redirect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(URLError, match="stays on https"):
            await keys_at(f"http://127.0.0.1:{port}/keys")()
    assert (await keys_at(http_keys)()).keys


def test_a_redirect_within_https_is_followed():
    first = Request("https://login.example/keys")

    followed = OnlyToHttps().redirect_request(first, None, 302, "Found", {}, "https://keys.example/")

    assert followed.full_url == "https://keys.example/"
