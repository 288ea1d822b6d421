import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
from fastapi import FastAPI

from services.gateway.door import limits
from services.gateway.door.limits import Buckets, CallersKnown
from shared.messaging.callers import TokenExpired

SIGN_IN = {"email": "paul@example.com", "password": "x"}
Clients = Callable[..., httpx.AsyncClient]
Apps = Callable[..., FastAPI]


class Ticks:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def token(account: str, serial: str = "1") -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"iss": "courtier", "sub": account}).encode()).rstrip(b"=").decode()
    return f"head.{claims}.{serial}"


def signed_in(account: str, serial: str = "1") -> dict[str, str]:
    return {"Authorization": f"Bearer {token(account, serial)}"}


def test_a_bucket_gives_a_minutes_worth_at_once_and_then_its_rate() -> None:
    ticks = Ticks()
    bucket = Buckets(6, ticks)
    assert [bucket.wait("me") for _ in range(6)] == [0.0] * 6
    assert bucket.wait("me") == 10.0
    assert bucket.wait("you") == 0.0

    ticks.now = 10.0
    assert bucket.wait("me") == 0.0
    assert bucket.wait("me") > 9.0


def test_a_limit_of_none_never_waits() -> None:
    assert not any(Buckets(0).wait("me") for _ in range(1000))


def test_buckets_forget_whoever_was_away_longest(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    bucket = Buckets(1)
    for caller in ("a", "b", "c"):
        bucket.wait(caller)

    assert bucket.wait("c") > 0
    assert bucket.wait("a") == 0.0


async def test_reads_over_the_limit_are_told_when_to_come_again(app_with: Apps, client_of: Clients) -> None:
    async with client_of(app_with(reads_per_minute=3)) as http:
        answers = [await http.get("/v1/products") for _ in range(4)]
        other = await client_of(http._transport.app, "198.51.100.1").get("/v1/products")  # type: ignore[attr-defined]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "TOO_MANY_REQUESTS"
    assert 1 <= int(answers[3].headers["retry-after"]) <= 20
    assert other.status_code == 200


async def test_writes_and_reads_have_buckets_of_their_own(app_with: Apps, client_of: Clients, owners: Any) -> None:
    order = {"lines": [{"sku": "CAFE-1KG", "quantity": 1}]}
    async with client_of(app_with(writes_per_minute=1)) as http:
        statuses = [(await http.post("/v1/orders", json=order)).status_code for _ in range(2)]
        assert [*statuses, (await http.get("/v1/orders")).status_code] == [201, 429, 200]
    assert len(owners.asked) == 2


async def test_sign_ins_are_counted_by_address_whatever_token_they_show(app_with: Apps, client_of: Clients) -> None:
    app = app_with(sign_ins_per_minute=2)
    async with client_of(app) as http:
        statuses = []
        for account in ("a", "b", "c"):
            answer = await http.post("/v1/sessions", json=SIGN_IN, headers=signed_in(account))
            statuses.append(answer.status_code)
        bootstrap = await http.post("/v1/bootstrap", json={})
    async with client_of(app, "198.51.100.1") as elsewhere:
        assert (await elsewhere.post("/v1/sessions", json=SIGN_IN)).status_code == 201

    assert (statuses, bootstrap.status_code) == ([201, 201, 429], 429)


async def test_an_account_keeps_its_bucket_from_token_to_token_and_from_address_to_address(
    app_with: Apps, client_of: Clients
) -> None:
    app = app_with(reads_per_minute=3)
    statuses = []
    for number in range(5):
        async with client_of(app, f"198.51.100.{number}") as http:
            await http.get("/v1/me", headers=signed_in("paul", str(number)))
            statuses.append((await http.get("/v1/me", headers=signed_in("paul", str(number)))).status_code)

    assert statuses == [200, 200, 200, 429, 429]


async def test_made_up_tokens_count_for_the_address_they_come_from(
    app_with: Apps, client_of: Clients, owners: Any
) -> None:
    app = app_with(reads_per_minute=3)
    owners.answers["GetAccount"] = TokenExpired()
    async with client_of(app) as http:
        statuses = [(await http.get("/v1/me", headers=signed_in("x", str(n)))).status_code for n in range(5)]

    assert statuses == [401, 401, 401, 429, 429]


async def test_a_made_up_token_does_not_empty_somebody_elses_bucket(
    app_with: Apps, client_of: Clients, owners: Any
) -> None:
    app = app_with(reads_per_minute=2)
    async with client_of(app, "198.51.100.1") as attacker:
        owners.answers["GetAccount"] = TokenExpired()
        for number in range(5):
            await attacker.get("/v1/me", headers=signed_in("paul", f"forged {number}"))
    del owners.answers["GetAccount"]
    async with client_of(app, "198.51.100.2") as paul:
        assert (await paul.get("/v1/me", headers=signed_in("paul"))).status_code == 200


def test_a_token_without_claims_has_a_bucket_of_its_own() -> None:
    known = CallersKnown()
    known.accept("opaque")

    assert known.name("Bearer opaque", "203.0.113.7") not in ("203.0.113.7", known.name("Bearer other", "x"))


async def test_health_and_documentation_are_not_limited(app_with: Apps, client_of: Clients) -> None:
    async with client_of(app_with(reads_per_minute=1)) as http:
        assert {(await http.get(path)).status_code for path in ("/livez", "/docs", "/openapi.json") * 3} == {200}


async def test_the_client_is_whom_our_own_proxies_saw(app_with: Apps, client_of: Clients, owners: Any) -> None:
    hops = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.2"}
    for proxies, seen in ((0, "203.0.113.7"), (1, "10.0.0.2"), (2, "203.0.113.9"), (9, "6.6.6.6")):
        async with client_of(app_with(trusted_proxies=proxies)) as http:
            await http.post("/v1/sessions", json=SIGN_IN, headers=hops)
        assert owners.asked[-1].client_address == seen
