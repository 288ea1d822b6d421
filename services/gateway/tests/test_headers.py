import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from services.gateway.settings import Settings

PAGES = ("/", "/docs", "/openapi.json", "/v1/products", "/nowhere", "/v1/orders/none", "/livez")
SHOP = "https://shop.example.com"
Apps = Callable[..., FastAPI]
Clients = Callable[..., httpx.AsyncClient]


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_carries_the_security_headers(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "Authorization" in headers["vary"]
    assert "server" not in headers


async def test_what_somebody_sees_is_never_stored_and_the_public_catalogue_is_asked_anew(
    http: httpx.AsyncClient,
) -> None:
    async def caching(method: str, path: str, **request: Any) -> str:
        return (await http.request(method, path, **request)).headers["cache-control"]

    assert await caching("GET", "/v1/products") == "no-cache"
    assert await caching("GET", "/v1/products", headers={"Authorization": "Bearer t"}) == "no-store"
    assert await caching("POST", "/v1/sessions", json={"email": "a@example.com", "password": "x"}) == "no-store"
    assert await caching("GET", "/readyz") == "no-store"


async def test_a_request_is_known_by_the_name_its_client_gave_it(http: httpx.AsyncClient, owners: Any) -> None:
    answer = await http.get("/v1/products", headers={"X-Request-Id": "checkout-42.a_b:c"})

    assert answer.headers["x-request-id"] == owners.origins[0].correlation_id == "checkout-42.a_b:c"


@pytest.mark.parametrize("name", ["", "a b", "x" * 129, "a\tb", '{"level":"error"}'])
async def test_a_name_that_could_forge_a_log_line_is_replaced(http: httpx.AsyncClient, owners: Any, name: str) -> None:
    answer = await http.get("/v1/products", headers={"X-Request-Id": name})

    assert answer.headers["x-request-id"] == owners.origins[0].correlation_id != name


async def test_a_trace_is_continued_when_it_makes_sense(http: httpx.AsyncClient, owners: Any) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    for given, carried in ((parent, parent), ("nonsense", None)):
        await http.get("/v1/products", headers={"traceparent": given})
        assert owners.origins[-1].traceparent == carried


async def test_the_token_travels_with_the_question(http: httpx.AsyncClient, owners: Any) -> None:
    await http.get("/v1/me", headers={"Authorization": "Bearer abc.def.ghi"})

    assert owners.origins[0].token == "abc.def.ghi"


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer a b", "Bearer é", "Bearer " + "x" * 20_000])
async def test_what_can_be_no_token_is_refused_at_the_door(http: httpx.AsyncClient, owners: Any, header: str) -> None:
    answer = await http.get("/v1/products", headers={"Authorization": header.encode("utf-8")})

    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert owners.asked == []


async def test_a_listed_origin_may_call_and_read(
    app_with: Callable[..., FastAPI], client_of: Callable[..., httpx.AsyncClient]
) -> None:
    async with client_of(app_with(cors_origins=[SHOP])) as http:
        asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
        preflight = await http.options("/v1/orders", headers=asked)
        answer = await http.get("/v1/products", headers={"Origin": SHOP})
        problem = await http.get("/v1/orders/none", headers={"Origin": SHOP})

    assert preflight.status_code == 204
    assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for one in (preflight, answer, problem):
        assert one.headers["access-control-allow-origin"] == SHOP
        assert "Origin" in one.headers["vary"]
    assert "ETag" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", f"{SHOP}.evil.example", "http://shop.example.com", "null"])
async def test_any_other_origin_may_not(
    app_with: Callable[..., FastAPI], client_of: Callable[..., httpx.AsyncClient], origin: str
) -> None:
    async with client_of(app_with(cors_origins=[SHOP])) as http:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = await http.options("/v1/orders", headers=asked)
        answer = await http.get("/v1/products", headers={"Origin": origin})

    assert preflight.status_code == 405
    for one in (preflight, answer):
        assert "access-control-allow-origin" not in one.headers


@pytest.mark.parametrize("origin", ["*", "shop.example.com", "https://*.example.com", "https://shop.example.com/"])
def test_an_origin_is_spelled_out_in_the_settings(origin: str) -> None:
    with pytest.raises(ValidationError, match="is not an origin"):
        Settings(cors_origins=[origin])


async def test_requests_are_measured_by_route_not_by_address(app_with: Apps, client_of: Clients) -> None:
    async with client_of(app_with(metrics_token="a-token")) as http:
        await asyncio.gather(*(http.get(f"/v1/orders/{number}") for number in range(3)))
        await http.get("/v1/products")
        await http.get("/v1/agents/me/dashboard")
        text = (await http.get("/metrics", headers={"Authorization": "Bearer a-token"})).text

    assert 'courtier_gateway_requests_total{method="GET",route="/v1/orders/{id}",status="422"}' in text
    assert 'courtier_gateway_asks_total{route="/v1/agents/me/dashboard"}' in text
    assert 'courtier_gateway_request_seconds_count{route="/v1/products"}' in text
    assert "/v1/orders/2" not in text
