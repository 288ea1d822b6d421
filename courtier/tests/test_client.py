"""A caller stays signed in for as long as it is used."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from courtier.client import Api, Refused

LIFE = 600
DUE = LIFE - 60


@dataclass
class Gateway:
    """Gives out numbered pairs of tokens, each refresh token good once, and lets in who shows the newest."""

    given: int = 0
    over: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/v1/sessions/refresh":
            shown = json.loads(request.content)["refresh_token"]
            return self.pair() if shown == f"r{self.given}" and not self.over else refused("REFRESH_REFUSED")
        if request.url.path == "/v1/sessions":
            known = json.loads(request.content) == {"email": "a@b.example", "password": "secret"}
            return self.pair() if known else refused("SIGN_IN_FAILED")
        good = request.headers.get("Authorization") == f"Bearer a{self.given}"
        return httpx.Response(200, json={}) if good else refused("TOKEN_EXPIRED")

    def pair(self) -> httpx.Response:
        self.given, self.over = self.given + 1, False
        tokens = {"access_token": f"a{self.given}", "refresh_token": f"r{self.given}", "expires_in": LIFE}
        return httpx.Response(200, json=tokens)


def refused(code: str) -> httpx.Response:
    return httpx.Response(401, json={"code": code, "detail": f"{code}."})


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@dataclass
class Caller:
    api: Api
    now: float = 1_000.0


@pytest.fixture
async def caller(gateway: Gateway) -> AsyncIterator[Caller]:
    async with Api("http://shop.example", lambda: caller.now) as api:
        caller = Caller(api)
        api.http = httpx.AsyncClient(base_url="http://shop.example", transport=httpx.MockTransport(gateway.answer))
        yield caller


async def test_a_token_is_exchanged_shortly_before_it_ends_and_not_earlier(caller: Caller, gateway: Gateway) -> None:
    await caller.api.sign_in("a@b.example", "secret")
    for later in (DUE - 1, 1, DUE - 1, 1):
        caller.now += later
        await caller.api.get("/v1/me")

    refresh = ["/v1/sessions/refresh", "/v1/me"]
    assert gateway.asked == ["/v1/sessions", "/v1/me", *refresh, "/v1/me", *refresh]


async def test_of_many_calls_at_a_time_one_exchanges_the_token(caller: Caller, gateway: Gateway) -> None:
    await caller.api.sign_in("a@b.example", "secret")
    caller.now += LIFE

    await asyncio.gather(*(caller.api.get("/v1/me") for _ in range(6)))

    assert gateway.asked.count("/v1/sessions/refresh") == 1


async def test_where_the_session_is_over_another_one_begins(caller: Caller, gateway: Gateway) -> None:
    await caller.api.sign_in("a@b.example", "secret")
    caller.now += LIFE
    gateway.over = True

    await caller.api.get("/v1/me")

    assert gateway.asked == ["/v1/sessions", "/v1/sessions/refresh", "/v1/sessions", "/v1/me"]


async def test_who_never_signed_in_has_nothing_to_exchange(caller: Caller, gateway: Gateway) -> None:
    caller.now += LIFE

    with pytest.raises(Refused, match="TOKEN_EXPIRED"):
        await caller.api.get("/v1/me")
    assert gateway.asked == ["/v1/me"]


async def test_a_session_does_not_show_its_secrets(caller: Caller) -> None:
    await caller.api.sign_in("a@b.example", "secret")

    assert "secret" not in repr(vars(caller.api))
    assert "r1" not in repr(vars(caller.api)["_session"])
