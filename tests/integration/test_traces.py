"""What a collector of traces is sent: one sale as one tree through every service, and no values in it."""

from typing import Any

from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.abroad import ADMIN, AGENT, MAIL_OF_AGENT, MAIL_OF_CUSTOMER
from tests.integration.collecting import Kept
from tests.integration.logs import lines

SELLING = {"gateway", "orders", "catalog", "agents", "notifications"}


async def traced(shop: Any, request_id: str, *names: str) -> list[Kept]:
    """Return the trace of a request once it holds spans of these names."""

    async def arrived() -> list[Kept]:
        spans: list[Kept] = shop.traces.trace(request_id)
        assert set(names) <= {span.name for span in spans}
        # A span is sent when it ends, after those below it.
        assert {span.parent for span in spans if span.parent} <= {span.id for span in spans}
        return spans

    return await eventually(arrived)  # type: ignore[no-any-return]


async def sold(shop: Any, **headers: str) -> tuple[str, list[Kept]]:
    """Sell something; return the request's id and its whole trace, up to the last mail."""
    request_id = str(new_id())
    answer = await shop.order(shop.login.token(AGENT), **{"X-Request-Id": request_id}, **headers)
    assert answer.status_code == 201, answer.text
    return request_id, await traced(shop, request_id, "accrue_commission", "SendMail")


def above(span: Kept, spans: list[Kept]) -> list[tuple[str, str, str]]:
    """Return the way from a span up to the root, each with its service and kind."""
    by_id, way = {one.id: one for one in spans}, []
    while True:
        way.append((span.service, span.name, span.kind))
        if not span.parent:
            return way
        span = by_id[span.parent]


async def test_a_sale_is_one_trace_whose_links_lead_from_the_hold_to_the_door(elsewhere: Any) -> None:
    _, spans = await sold(elsewhere)

    assert {span.service for span in spans} >= SELLING
    (hold,) = [span for span in spans if (span.name, span.kind) == ("HoldItems", "server")]
    assert above(hold, spans) == [
        ("catalog", "HoldItems", "server"),
        ("orders", "ask HoldItems", "client"),
        ("orders", "PlaceOrder", "server"),
        ("gateway", "ask PlaceOrder", "client"),
        ("gateway", "POST /v1/orders", "server"),
    ]


async def test_what_an_event_sets_off_hangs_below_what_told_it(elsewhere: Any) -> None:
    _, spans = await sold(elsewhere)

    placing = [("orders", "PlaceOrder", "server"), ("gateway", "ask PlaceOrder", "client")]
    for span in spans:
        way = above(span, spans)  # none is broken off
        assert way[-1] == ("gateway", "POST /v1/orders", "server")
        if span.service in ("agents", "notifications") and span.kind == "consumer":
            assert way[-3:-1] == placing


async def test_the_statements_of_a_handler_hang_below_it(elsewhere: Any) -> None:
    _, spans = await sold(elsewhere)

    by_id = {span.id: span for span in spans}
    statements = [span for span in spans if "db.query.text" in span.attributes]
    asked = {(by_id[one.parent].service, by_id[one.parent].name) for one in statements}
    assert {("orders", "PlaceOrder"), ("catalog", "HoldItems"), ("agents", "accrue_commission")} <= asked
    assert {one.name for one in statements if by_id[one.parent].name == "PlaceOrder"} >= {"INSERT orders"}
    assert not any(span.failed for span in spans)


async def test_what_no_request_and_no_event_sets_off_is_no_trace(elsewhere: Any) -> None:
    await sold(elsewhere)

    assert {span.kind for span in elsewhere.traces.spans if not span.parent} <= {"server", "consumer"}


async def test_a_clients_own_trace_goes_on(elsewhere: Any) -> None:
    trace, parent, request_id = f"{new_id().int:032x}", "00f067aa0ba902b7", str(new_id())
    headers = {"traceparent": f"00-{trace}-{parent}-01", "X-Request-Id": request_id}
    assert (await elsewhere.order(elsewhere.login.token(AGENT), **headers)).status_code == 201

    async def arrived() -> None:
        spans = [span for span in elsewhere.traces.spans if span.trace_id == trace]
        assert [span.name for span in spans if span.parent == parent] == ["POST /v1/orders"]
        assert {span.service for span in spans} >= SELLING

    await eventually(arrived)


async def test_a_problem_and_the_lines_of_its_log_name_the_trace(elsewhere: Any) -> None:
    request_id = str(new_id())
    token = elsewhere.login.token(AGENT)
    answer = await elsewhere.order(token, customer=str(new_id()), **{"X-Request-Id": request_id})

    assert (answer.status_code, answer.json()["code"]) == (404, "CUSTOMER_NOT_FOUND")
    trace = answer.json()["trace_id"]
    spans = await traced(elsewhere, request_id, "PlaceOrder")
    assert {span.trace_id for span in spans} == {trace}
    for service in ("gateway", "orders"):
        told = [line for line in lines(elsewhere, service) if line.get("correlation_id") == request_id]
        assert {line["trace_id"] for line in told} == {trace}


async def test_a_log_line_about_an_event_names_the_trace_of_the_sale(elsewhere: Any) -> None:
    request_id, spans = await sold(elsewhere)

    for service in ("agents", "notifications"):
        told = [line for line in lines(elsewhere, service) if line.get("correlation_id") == request_id]
        assert told
        assert {line.get("trace_id") for line in told} == {spans[0].trace_id}


async def test_no_span_holds_a_value_or_a_token(elsewhere: Any) -> None:
    request_id, admin = str(new_id()), elsewhere.login.token(ADMIN)
    body = {"name": "Lucie", "email": MAIL_OF_CUSTOMER}
    headers = {"Idempotency-Key": request_id, "X-Request-Id": request_id}
    taken = await elsewhere.send("POST", "/v1/customers", admin, json=body, headers=headers)
    assert taken.status_code == 409
    found = await elsewhere.send("GET", "/v1/customers", admin, params={"q": MAIL_OF_CUSTOMER})
    assert found.status_code == 200
    token = elsewhere.login.token(AGENT)
    assert (await elsewhere.order(token)).status_code == 201
    await traced(elsewhere, request_id, "RegisterCustomer")
    await sold(elsewhere)

    sent = b"".join(elsewhere.traces.sent)
    assert b"INSERT INTO customers" in sent
    secrets = (MAIL_OF_CUSTOMER, MAIL_OF_AGENT, "Lucie", admin, token, "Bearer")
    assert [secret for secret in secrets if secret.encode() in sent] == []
