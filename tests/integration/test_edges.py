"""Bad input of every kind over HTTP: a clear problem that names the field, and nothing has changed."""

from typing import Any

import httpx
import pytest

from tests.integration.answers import euros, fresh_key, pointers, refusal, refused, stocked

DEEP = "[" * 40 + "]" * 40


@pytest.fixture(scope="module")
async def sku(shop: Any) -> str:
    """Return what the refused orders of this module want; none may ever get a piece."""
    return await stocked(shop, 10)


async def sent(shop: Any, path: str, content: bytes, who: str = "paul", **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json"} | fresh_key() | headers
    answer: httpx.Response = await shop.people[who].http.post(path, content=content, headers=given)
    return answer


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "INVALID_JSON"),
        (b"{", 400, "INVALID_JSON"),
        (b"lines=1", 400, "INVALID_JSON"),
        (b'{"reference": "\xff\xfe"}', 400, "INVALID_JSON"),
        (b'{"reference": "a\\u0000b"}', 400, "INVALID_JSON"),
        (b'{"lines": [{"sku": "X", "quantity": NaN}]}', 422, "MALFORMED"),
        (b'{"lines": ' + DEEP.encode() + b"}", 400, "TOO_DEEP"),
        (b"[]", 422, "MALFORMED"),
        (b"null", 422, "MALFORMED"),
        (b'"text"', 422, "MALFORMED"),
        (b'{"reference": "' + b"x" * (1 << 20) + b'"}', 413, "BODY_TOO_LARGE"),
    ],
)
async def test_a_body_that_is_no_json_object_of_sound_size_is_refused(
    shop: Any, content: bytes, status: int, code: str
) -> None:
    answer = await sent(shop, "/v1/orders", content)

    assert refusal(answer) == (status, code)


async def test_half_a_surrogate_is_refused_and_not_an_error_of_ours(shop: Any) -> None:
    content = b'{"reference": "\\ud800", "lines": [{"sku": "CAFE-1KG", "quantity": 1}]}'

    answer = await sent(shop, "/v1/orders", content, "lucie")

    assert refusal(answer) in ((400, "INVALID_JSON"), (422, "MALFORMED"))


async def test_a_body_that_is_not_declared_as_json_is_refused(shop: Any) -> None:
    answer = await sent(shop, "/v1/orders", b"{}", **{"Content-Type": "text/plain"})

    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


LINE: dict[str, Any] = {"quantity": 1}
HUGE = 10**12


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"customer_id": "nobody"}, "/customer_id"),
        ({"customer_id": ...}, "/customer_id"),
        ({"customer_id": 7}, "/customer_id"),
        ({"currency": "euro"}, "/currency"),
        ({"payment_method": "cowries"}, "/payment_method"),
        ({"reference": "a\nb"}, "/reference"),
        ({"reference": "x" * 65}, "/reference"),
        ({"reference": True}, "/reference"),
        ({"lines": ...}, "/lines"),
        ({"lines": []}, "/lines"),
        ({"lines": {"sku": "X", "quantity": 1}}, "/lines"),
        ({"lines": [LINE | {"sku": f"S{n}"} for n in range(501)]}, "/lines"),
        ({"lines": ["CAFE-1KG"]}, "/lines/0"),
        ({"lines": [LINE]}, "/lines/0/sku"),
        ({"lines": [LINE | {"sku": ""}]}, "/lines/0/sku"),
        ({"lines": [LINE | {"sku": 5}]}, "/lines/0/sku"),
    ],
)
async def test_a_field_that_is_not_valid_is_named(shop: Any, sku: str, change: dict[str, Any], pointer: str) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1}]} | change)

    assert refusal(answer) == (422, "MALFORMED")
    assert pointers(answer) == [pointer]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("quantity", quantity) for quantity in (0, -1, 0.0001, 1.23456, HUGE, True, None, "two", [1], 1e300)),
        *(("discount_percent", percent) for percent in ("101", "-1", "1.00001", True, "ten")),
        *(("unit_price", price) for price in ("10", 10, {"amount": "10"}, {"amount": "ten", "currency": "EUR"})),
        *(("unit_price", euros(amount)) for amount in ("-1", "1.00001", "NaN", "Infinity", "1e30")),
        ("unit_price", {"amount": True, "currency": "EUR"}),
        ("unit_price", euros("10") | {"cents": 0}),
        ("unit_price", {"amount": "10", "currency": "USD"}),
        ("colour", "red"),
    ],
)
async def test_a_value_of_a_line_that_is_not_valid_is_named(shop: Any, sku: str, field: str, value: Any) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1} | {field: value}]})

    assert refusal(answer) == (422, "MALFORMED")
    assert all(pointer.startswith(f"/lines/0/{field}") for pointer in pointers(answer))
    assert pointers(answer)


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/v1/orders", {"colour": "red"}, "/colour"),
        ("/v1/orders", {"limit": "0"}, "/limit"),
        ("/v1/orders", {"limit": "101"}, "/limit"),
        ("/v1/orders", {"limit": "ten"}, "/limit"),
        ("/v1/orders", {"limit": "true"}, "/limit"),
        ("/v1/orders", {"status": "lost"}, "/status"),
        ("/v1/orders", {"number": "9" * 40}, "/number"),
        ("/v1/orders", {"customer_id": "x"}, "/customer_id"),
        ("/v1/orders", {"reference": "a\x00b"}, "/reference"),
        ("/v1/orders", {"cursor": "not-a-cursor"}, "/cursor"),
        ("/v1/orders", {"cursor": "AAAA"}, "/cursor"),
        ("/v1/orders", {"cursor": "\x00"}, "/cursor"),
        ("/v1/customers", {"cursor": "e30"}, "/cursor"),
        ("/v1/customers", {"q": "a\x00b"}, "/q"),
        ("/v1/products", {"currency": "eur"}, "/currency"),
        ("/v1/products", {"cursor": "e30="}, "/cursor"),
        ("/v1/orders/nothing", {}, "/id"),
        ("/v1/orders?limit=1&limit=2", None, "/limit"),
    ],
)
async def test_a_query_parameter_that_is_not_valid_is_named(
    shop: Any, path: str, query: dict[str, str] | None, pointer: str
) -> None:
    answer = await shop.people["admin"].http.get(path, params=query)

    assert (answer.status_code, pointers(answer)) == (422, [pointer])


async def test_a_post_takes_no_query_parameter(shop: Any) -> None:
    answer = await sent(shop, "/v1/orders?dry_run=true", b"{}")

    assert (answer.status_code, pointers(answer)) == (422, ["/dry_run"])


async def test_a_number_beyond_what_is_counted_is_refused_by_name(shop: Any) -> None:
    body = {"producer": "customers", "from_seq": 10**30, "reason": "to see"}
    replay = await shop.people["admin"].http.post("/v1/operations/orders/replays", json=body)
    parked = "/v1/operations/orders/parked/customers/{seq}/any/retry"
    retry = await shop.people["admin"].http.post(parked.format(seq="9" * 30), json={"reason": "to see"})

    assert (replay.status_code, pointers(replay)) == (422, ["/from_seq"])
    assert (retry.status_code, pointers(retry)) == (422, ["/seq"])


async def test_an_unknown_path_and_an_unknown_method_are_told_apart(shop: Any) -> None:
    nowhere = await shop.people["admin"].http.get("/v1/unicorns")
    not_so = await shop.people["admin"].http.delete("/v1/orders")

    assert refusal(nowhere) == (404, "ROUTE_NOT_FOUND")
    assert refusal(not_so) == (405, "METHOD_NOT_ALLOWED")
    assert set(not_so.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
