"""Bad input of every kind over HTTP: a clear problem that names the field, and nothing has changed."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from shared.kernel.ids import new_id

DEEP = "[" * 40 + "]" * 40


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem an answer is, once everything a problem must say is found in it."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    assert document["trace_id"] == answer.headers["x-request-id"]
    assert document["type"] == "/problems/" + document["code"].lower().replace("_", "-")
    assert document["title"]
    assert len(document["detail"]) > 10
    for error in document.get("errors", ()):
        assert error.keys() == {"pointer", "code", "message"}
        assert error["message"]
    return document


def pointers(answer: httpx.Response) -> list[str]:
    return [error["pointer"] for error in problem(answer).get("errors", ())]


async def stocked(shop: Any, pieces: int) -> str:
    """Put a product of its own on sale, so many pieces of it at 10 EUR; return its SKU."""
    admin, sku = shop.people["admin"], f"EDGE-{new_id()}"
    variant = {"sku": sku, "base_price": euros("10.00")}
    await admin.create("/v1/products", str(new_id()), {"name": "Edge", "variants": [variant]})
    await admin.create("/v1/stock/receipts", str(new_id()), {"sku": sku, "quantity": pieces, "reference": "Opening"})
    return sku


async def left(shop: Any, sku: str) -> float:
    available: float = (await shop.people["admin"].get("/v1/stock", sku=sku))["items"][0]["available"]
    return available


@pytest.fixture(scope="module")
async def sku(shop: Any) -> str:
    """Return what the refused orders of this module want; none may ever get a piece."""
    return await stocked(shop, 10)


async def sent(shop: Any, path: str, content: bytes, who: str = "paul", **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json", "Idempotency-Key": str(new_id())} | headers
    answer: httpx.Response = await shop.people[who].http.post(path, content=content, headers=given)
    return answer


async def refused(shop: Any, sku: str, body: dict[str, Any], who: str = "paul") -> httpx.Response:
    """Try to order; return the answer once it is certain that no order and no hold came of it."""
    reference = f"edge-{new_id()}"
    wanted = {"customer_id": await shop.customer_id("lucie"), "reference": reference} | body
    wanted = {name: value for name, value in wanted.items() if value is not ...}
    headers = {"Idempotency-Key": str(new_id())}
    before = await left(shop, sku)
    answer: httpx.Response = await shop.people[who].http.post("/v1/orders", json=wanted, headers=headers)
    assert not answer.is_success, answer.text
    assert (await shop.people["admin"].get("/v1/orders", reference=reference))["items"] == []
    assert await left(shop, sku) == before
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

    assert (answer.status_code, problem(answer)["code"]) == (status, code)


async def test_half_a_surrogate_is_refused_and_not_an_error_of_ours(shop: Any) -> None:
    content = b'{"reference": "\\ud800", "lines": [{"sku": "CAFE-1KG", "quantity": 1}]}'

    answer = await sent(shop, "/v1/orders", content, "lucie")

    assert answer.status_code in (400, 422)
    assert problem(answer)["code"] in ("INVALID_JSON", "MALFORMED")


async def test_a_body_that_is_not_declared_as_json_is_refused(shop: Any) -> None:
    answer = await sent(shop, "/v1/orders", b"{}", **{"Content-Type": "text/plain"})

    assert (answer.status_code, problem(answer)["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


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

    assert (answer.status_code, problem(answer)["code"]) == (422, "MALFORMED")
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

    assert (answer.status_code, problem(answer)["code"]) == (422, "MALFORMED")
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

    assert (nowhere.status_code, problem(nowhere)["code"]) == (404, "ROUTE_NOT_FOUND")
    assert (not_so.status_code, problem(not_so)["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(not_so.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("wanted", ["NO-SUCH-SKU", "'; DROP TABLE orders; --", "../../etc/passwd", "ÉTÉ-𝟙"])
async def test_an_unknown_sku_is_named_by_its_line(shop: Any, sku: str, wanted: str) -> None:
    lines = [{"sku": sku, "quantity": 1}, {"sku": wanted, "quantity": 1}]

    answer = await refused(shop, sku, {"lines": lines})

    assert (answer.status_code, problem(answer)["code"]) == (404, "VARIANT_NOT_FOUND")
    assert pointers(answer) == ["/lines/1/sku"]


async def test_more_than_there_is_is_out_of_stock_and_says_how_many_are_left(shop: Any, sku: str) -> None:
    for quantity in (11, 10**9):
        answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": quantity}]})

        assert (answer.status_code, problem(answer)["code"]) == (409, "OUT_OF_STOCK")
        (short,) = problem(answer)["details"]["items"]
        assert short == {"sku": sku, "requested": quantity, "available": 10}


async def test_the_same_sku_on_two_lines_is_refused_by_name(shop: Any, sku: str) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1}, {"sku": sku, "quantity": 2}]})

    assert (answer.status_code, problem(answer)["code"]) == (422, "DUPLICATE_LINE")
    assert pointers(answer) == ["/lines/1/sku"]


async def test_ST2_two_lines_of_one_sku_count_together(shop: Any, sku: str) -> None:
    lines = [{"sku": sku, "quantity": 6}, {"sku": sku, "quantity": 6, "discount_percent": "1"}]

    answer = await refused(shop, sku, {"lines": lines})

    assert (answer.status_code, problem(answer)["code"]) == (409, "OUT_OF_STOCK")


async def test_ST1_twenty_buyers_for_five_pieces(shop: Any) -> None:
    scarce = await stocked(shop, 5)
    lucie = await shop.customer_id("lucie")
    buyers = ("lucie", "chloe", "paul", "clerk") * 5

    async def buy(who: str) -> httpx.Response:
        body: dict[str, Any] = {"lines": [{"sku": scarce, "quantity": 1}]}
        body |= {"customer_id": lucie} if who in ("paul", "clerk") else {}
        headers = {"Idempotency-Key": str(new_id())}
        answer: httpx.Response = await shop.people[who].http.post("/v1/orders", json=body, headers=headers)
        return answer

    answers = await asyncio.gather(*map(buy, buyers))

    outcomes = Counter(answer.status_code if answer.is_success else problem(answer)["code"] for answer in answers)
    assert outcomes == {201: 5, "OUT_OF_STOCK": 15}
    assert await left(shop, scarce) == 0


async def test_another_currency_has_no_price(shop: Any, sku: str) -> None:
    answer = await refused(shop, sku, {"currency": "USD", "lines": [{"sku": sku, "quantity": 1}]})

    assert (answer.status_code, problem(answer)["code"]) == (409, "PRICE_UNAVAILABLE")
    assert pointers(answer) == ["/lines/0/sku"]
    assert "USD" in answer.text


@pytest.mark.parametrize("by_hand", [{"unit_price": euros("1.00")}, {"discount_percent": "1"}])
async def test_a_customer_sets_no_price(shop: Any, sku: str, by_hand: dict[str, Any]) -> None:
    body = {"customer_id": ..., "lines": [{"sku": sku, "quantity": 1} | by_hand]}

    answer = await refused(shop, sku, body, who="lucie")

    assert (answer.status_code, problem(answer)["code"]) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        ({"unit_price": euros("8.49")}, "unit_price"),
        ({"unit_price": euros("12.01")}, "unit_price"),
        ({"discount_percent": "15.01"}, "discount_percent"),
        ({"unit_price": euros("9.00"), "discount_percent": "10"}, "unit_price"),
    ],
)
async def test_an_agent_beyond_her_bounds_is_told_them(
    shop: Any, sku: str, by_hand: dict[str, Any], field: str
) -> None:
    answer = await refused(shop, sku, {"lines": [{"sku": sku, "quantity": 1} | by_hand]})

    assert (answer.status_code, problem(answer)["code"]) == (422, "AGENT_PRICE_BOUND")
    assert pointers(answer) == [f"/lines/0/{field}"]
    (bound,) = problem(answer)["details"]["bounds"]
    assert (bound["floor"], bound["ceiling"]) == (euros("8.50"), euros("12.00"))


async def test_a_key_is_needed_and_belongs_to_one_body(shop: Any) -> None:
    wanted, paul = await stocked(shop, 10), shop.people["paul"]
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": wanted, "quantity": 1}]}
    none = await paul.http.post("/v1/orders", json=body)
    unfit = [await paul.http.post("/v1/orders", json=body, headers={"Idempotency-Key": key}) for key in ("", "x" * 201)]
    key = {"Idempotency-Key": str(new_id())}
    first = await paul.http.post("/v1/orders", json=body, headers=key)
    again = await paul.http.post("/v1/orders", json=body, headers=key)
    other = await paul.http.post("/v1/orders", json=body | {"reference": "another"}, headers=key)
    hers = await shop.people["helene"].http.post("/v1/orders", json=body, headers=key)

    assert (none.status_code, problem(none)["code"]) == (400, "IDEMPOTENCY_KEY_REQUIRED")
    assert {(one.status_code, problem(one)["code"]) for one in unfit} == {(400, "IDEMPOTENCY_KEY_INVALID")}
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, problem(other)["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert (hers.status_code, problem(hers)["code"]) == (404, "CUSTOMER_NOT_FOUND")  # her key, not his answer
    assert await left(shop, wanted) == 9


async def test_a_payment_must_fit_its_order(shop: Any) -> None:
    wanted, clerk = await stocked(shop, 10), shop.people["clerk"]
    body = {"customer_id": await shop.customer_id("lucie"), "lines": [{"sku": wanted, "quantity": 1}]}
    order = await shop.people["paul"].create("/v1/orders", str(new_id()), body)
    path, transfer = f"/v1/orders/{order['id']}/payments", {"value_date": "2026-11-20", "reference": "VIR"}

    async def paying(**changes: Any) -> tuple[int, str, list[str]]:
        headers = {"Idempotency-Key": str(new_id())}
        answer = await clerk.http.post(path, json=transfer | {"amount": euros("1.00")} | changes, headers=headers)
        return answer.status_code, problem(answer)["code"], pointers(answer)

    assert await paying(amount=euros("0")) == (422, "MALFORMED", ["/amount/amount"])
    assert await paying(amount=euros("-5")) == (422, "MALFORMED", ["/amount/amount"])
    assert await paying(amount={"amount": "1", "currency": "USD"}) == (422, "MALFORMED", ["/amount/currency"])
    assert await paying(value_date="yesterday") == (422, "MALFORMED", ["/value_date"])
    assert await paying(value_date="2026-02-30") == (422, "MALFORMED", ["/value_date"])
    assert await paying(reference=" ") == (422, "MALFORMED", ["/reference"])
    status, code, named = await paying(amount=euros("1.001"))
    assert (status, code) == (422, "MALFORMED")
    assert named[0].startswith("/amount")
    assert await paying(amount=euros("99999.00")) == (409, "OVER_PAYMENT", [])
    assert (await clerk.get(path))["items"] == []
    assert (await clerk.get(f"/v1/orders/{order['id']}"))["version"] == order["version"]


async def test_an_edit_names_the_version_it_saw(shop: Any) -> None:
    admin, path = shop.people["admin"], f"/v1/customers/{await shop.customer_id('chloe')}"
    before = await admin.http.get(path)
    etag, name = before.headers["ETag"], before.json()["name"]

    async def renamed(**headers: str) -> httpx.Response:
        answer: httpx.Response = await admin.http.patch(path, json={"name": name}, headers=headers)
        return answer

    assert problem(await renamed())["code"] == "PRECONDITION_REQUIRED"
    assert (await renamed()).status_code == 428
    for stale in ('"0"', '"999"', '"x"', "1", 'W/"1"', '"1", "2"'):
        answer = await renamed(**{"If-Match": stale})
        assert (answer.status_code, problem(answer)["code"]) == (412, "PRECONDITION_FAILED"), stale
    assert (await admin.http.get(path)).json() == before.json()

    assert (await renamed(**{"If-Match": etag})).status_code == 200
    assert (await renamed(**{"If-Match": etag})).status_code == 412


@pytest.mark.parametrize(
    ("path", "change", "pointer"),
    [
        ("/v1/customers", {"email": "no address"}, "/email"),
        ("/v1/customers", {"email": "a@b.example\nBcc: all@b.example"}, "/email"),
        ("/v1/customers", {"name": "   "}, "/name"),
        ("/v1/customers", {"name": "Ève\r\nX-Spam: 1"}, "/name"),
        ("/v1/customers", {"locale": "de"}, "/locale"),
        ("/v1/customers", {"status": "vip"}, "/status"),
        ("/v1/customers", {"agent_id": "paul"}, "/agent_id"),
        ("/v1/customers", {"version": 7}, "/version"),
        ("/v1/customers", {"id": "01a20000-0000-7000-8000-000000000000"}, "/id"),
        ("/v1/companies", {"country": "France"}, "/country"),
        ("/v1/companies", {"siret": "12345678901234"}, "/siret"),
        ("/v1/agent-groups", {"commission_percent": "120"}, "/commission_percent"),
        ("/v1/agent-groups", {"commission_percent": "-1"}, "/commission_percent"),
        ("/v1/categories", {"code": "With Spaces"}, "/code"),
        ("/v1/products", {"variants": []}, "/variants"),
        ("/v1/stock/receipts", {"quantity": -5}, "/quantity"),
        ("/v1/accounts", {"password": "short"}, "/password"),
        ("/v1/accounts", {"password": "password123"}, "/password"),
        ("/v1/accounts", {"roles": ["king"]}, "/roles/0"),
        ("/v1/accounts", {"roles": []}, "/roles"),
    ],
)
async def test_whatever_is_created_its_fields_are_checked_by_name(
    shop: Any, path: str, change: dict[str, Any], pointer: str
) -> None:
    good: dict[str, dict[str, Any]] = {
        "/v1/customers": {"email": f"{new_id()}@edge.example", "name": "Ève"},
        "/v1/companies": {"legal_name": "Edge SARL"},
        "/v1/agent-groups": {
            "code": f"e-{str(new_id())[-12:]}",
            "name": "E",
            "commission_percent": "1",
            "override_percent": "1",
        },
        "/v1/categories": {"code": f"e-{str(new_id())[-12:]}", "name": "E"},
        "/v1/products": {"name": "Edge"},
        "/v1/stock/receipts": {"sku": "CAFE-1KG", "reference": "Edge"},
        "/v1/accounts": {
            "type": "staff",
            "email": f"{new_id()}@edge.example",
            "name": "E",
            "password": "a good long one 9",
            "roles": ["order_clerk"],
        },
    }
    headers = {"Idempotency-Key": str(new_id())}

    answer = await shop.people["admin"].http.post(path, json=good[path] | change, headers=headers)

    assert answer.status_code == 422, answer.text
    assert pointers(answer) == [pointer]
