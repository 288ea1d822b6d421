from typing import Any

import httpx
import pytest

from shared.kernel.problems import Problem
from shared.messaging.callers import AccountClosed


async def test_an_unknown_path_is_a_problem(http: httpx.AsyncClient) -> None:
    for path in ("/v2/orders", "/v1/orders/", "/v1", "/docs/../app.py", "/docs/%2e%2e/app.py", "/docs/nothing.js"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "ROUTE_NOT_FOUND")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/orders", "GET, HEAD, POST"),
        ("PUT", "/v1/customers/x", "GET, HEAD, PATCH"),
        ("OPTIONS", "/v1/orders", "GET, HEAD, POST"),
        ("TRACE", "/v1/sessions", "DELETE, POST"),
        ("BREW", "/v1/products", "GET, HEAD, POST"),
    ],
)
async def test_an_unknown_method_is_told_the_known_ones(
    http: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await http.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == allowed


async def test_a_bug_is_answered_without_its_insides(http: httpx.AsyncClient, owners: Any, caplog: Any) -> None:
    owners.answers["ListProducts"] = ZeroDivisionError("secret inside")
    answer = await http.get("/v1/products")

    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text
    assert "x-content-type-options" in answer.headers


async def test_an_owners_trace_id_is_kept(http: httpx.AsyncClient, owners: Any) -> None:
    refusal = AccountClosed()
    refusal.trace_id = "trace-of-identity"
    owners.answers["GetAccount"] = refusal

    assert (await http.get("/v1/me")).json()["trace_id"] == "trace-of-identity"


async def test_every_problem_is_explained_where_its_type_says(http: httpx.AsyncClient) -> None:
    listed = (await http.get("/problems")).json()["items"]

    assert {one["code"] for one in listed} == Problem.registry.keys()
    for one in listed:
        assert (await http.get(one["type"])).json() == one
    assert (await http.get("/problems/nothing")).status_code == 404
