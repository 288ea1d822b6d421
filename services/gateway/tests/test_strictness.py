import json
from typing import Any

import httpx
import pytest

from services.gateway.examples import people
from services.gateway.filling import too_deep
from shared.contracts.orders.orders import PlaceOrder

KEY = {"Idempotency-Key": "key-1"}
JSON = KEY | {"Content-Type": "application/json"}
LINE = {"sku": "CAFE-1KG", "quantity": 2}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"lines": [LINE], "price": 1}, "/price", "EXTRA_FORBIDDEN"),
        ({"lines": [LINE | {"net": "1"}]}, "/lines/0/net", "EXTRA_FORBIDDEN"),
        ({"lines": [LINE | {"quantity": True}]}, "/lines/0/quantity", "DECIMAL_TYPE"),
        ({"lines": [LINE | {"quantity": 0}]}, "/lines/0/quantity", "GREATER_THAN"),
        ({"lines": [LINE], "currency": 978}, "/currency", "STRING_TYPE"),
        ({"lines": [LINE], "customer_id": "me"}, "/customer_id", "UUID_PARSING"),
        ({"lines": []}, "/lines", "TOO_SHORT"),
        ({}, "/lines", "MISSING"),
    ],
)
async def test_a_body_is_taken_literally_or_refused_naming_the_field(
    http: httpx.AsyncClient, owners: Any, body: Any, pointer: str, code: str
) -> None:
    answer = await http.post("/v1/orders", json=body, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert owners.asked == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", people.ORDER), ("expected_version", 9), ("version", 9), ("created_at", people.MOMENT), ("agent_id", None)],
)
async def test_what_http_says_elsewhere_is_unknown_in_a_body(
    http: httpx.AsyncClient, owners: Any, field: str, value: Any
) -> None:
    body = {"name": "Lucie", field: value}
    answer = await http.patch(f"/v1/customers/{people.CUSTOMER}", json=body, headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{field}")
    assert owners.asked == []


async def test_a_client_cannot_name_the_address_it_comes_from(http: httpx.AsyncClient, owners: Any) -> None:
    body = {"email": "paul@example.com", "password": "x", "client_address": "198.51.100.1"}
    answer = await http.post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/client_address")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "INVALID_JSON"),
        (b"{", "INVALID_JSON"),
        (b"{'lines': []}", "INVALID_JSON"),
        (b'{"reference": "a\\u0000b", "lines": []}', "INVALID_JSON"),
        (b"\xff\xfe", "INVALID_JSON"),
        (b'{"lines": ' + b"[" * 30 + b"]" * 30 + b"}", "TOO_DEEP"),
    ],
)
async def test_a_body_that_is_no_proper_json_is_a_bad_request(
    http: httpx.AsyncClient, owners: Any, body: bytes, code: str
) -> None:
    answer = await http.post("/v1/orders", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert owners.asked == []


async def test_an_edit_whose_body_is_no_object_is_refused(http: httpx.AsyncClient) -> None:
    path, headers = f"/v1/customers/{people.CUSTOMER}", {"If-Match": '"1"', "Content-Type": "application/json"}

    assert (await http.patch(path, content=b"[1]", headers=headers)).status_code == 422
    assert (await http.patch(path, content=b"{nonsense", headers=headers)).json()["code"] == "INVALID_JSON"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_does_not_call_itself_json_is_refused(http: httpx.AsyncClient, kind: str) -> None:
    answer = await http.post("/v1/orders", content=b"{}", headers=KEY | {"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_over_the_limit_is_refused_whether_it_says_so_or_not(
    http: httpx.AsyncClient, app: Any, owners: Any
) -> None:
    body = json.dumps({"reference": "x" * 200, "lines": [LINE]}).encode()
    app.state.settings = app.state.settings.model_copy(update={"body_limit": 100})

    async def trickle() -> Any:
        for start in range(0, len(body), 10):
            yield body[start : start + 10]

    for content in (body, trickle()):
        answer = await http.post("/v1/orders", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["details"]) == (413, {"limit": 100})
    assert owners.asked == []


async def test_a_large_order_passes_whole(http: httpx.AsyncClient, owners: Any) -> None:
    lines = [{"sku": f'SKU "{number}" [{{', "quantity": 1} for number in range(500)]
    answer = await http.post("/v1/orders", json={"lines": lines}, headers=KEY)

    assert answer.status_code == 201
    assert isinstance(owners.asked[0], PlaceOrder)
    assert len(owners.asked[0].lines) == 500


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=ten", "/limit"),
        ("status=lost", "/status"),
        ("customer_id=me", "/customer_id"),
        ("status=confirmed&status=cancelled", "/status"),
        ("sort=number", "/sort"),
        ("reference=a%00b", "/reference"),
    ],
)
async def test_a_query_parameter_is_valid_or_refused_by_name(
    http: httpx.AsyncClient, owners: Any, query: str, pointer: str
) -> None:
    answer = await http.get(f"/v1/orders?{query}")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert owners.asked == []


async def test_a_query_cannot_name_another_thing_than_its_path(http: httpx.AsyncClient, owners: Any) -> None:
    answer = await http.get(f"/v1/orders/{people.ORDER}?id={people.AGENT}")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/id")
    assert owners.asked == []


async def test_a_path_that_is_no_id_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/orders/1042")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/id")


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * 20 + b"]" * 20, False),
        (b"[" * 21 + b"]" * 21, True),
        (b'{"a":' * 21 + b"1" + b"}" * 21, True),
        (b'["' + b"[" * 99 + b'"]', False),
        (b'["\\"' + b"[" * 99 + b'"]', False),
        (b"[" + b"[]," * 99 + b"[]]", False),
        (b'"' * 50_001 + b"[" * 30, False),
        (b'\\"' * 50_000 + b"[" * 30, False),
        (b"[" * 1_000_000, True),
    ],
)
def test_depth_is_told_without_parsing(body: bytes, deep: bool) -> None:
    assert too_deep(body, 20) is deep
