"""Whose is it? Every operation on one thing, and every filter, tried by others; the answer is that of an unknown id."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from courtier.client import Api
from shared.kernel.ids import new_id
from shared.testing import eventually
from tests.integration.answers import fresh_key

INTRUDERS = ("paul", "lucie", "visitor")
REFUSALS = {401, 403, 404}
METHODS = ("get", "post", "put", "patch", "delete")
# Goods that everyone may see, and what files say: nobody's own.
FOR_ALL = "products/{id} products/{id}/related categories/{id} content/{placement} images/{key}/{size} "
FOR_ALL += "price-explanation/{sku} imports/columns/{kind} imports/templates/{kind}"
PUBLIC = {("get", f"/v1/{path}") for path in FOR_ALL.split()}
AT_ONCE = 8


@dataclass
class Operation:
    """An operation of the API that names one thing in its path; `about` is the path's first word: orders, …"""

    method: str
    path: str
    body: Any
    about: str
    names: list[str]

    async def ask(self, caller: Api, ids: dict[str, str]) -> httpx.Response:
        headers = fresh_key() | {"If-Match": '"1"'}
        body = {} if self.body is None else {"json": self.body}
        return await caller.http.request(self.method, self.path.format(**ids), headers=headers, **body)


@dataclass
class Treasure:
    """Things that are somebody's, by kind: the id of each and what its text would give away."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def add(self, kind: str, thing: dict[str, Any], *words: str | None) -> None:
        self.ids.setdefault(kind, set()).add(thing["id"])
        self.words |= {word for word in words if word}


async def sold_to_marc(shop: Any) -> dict[str, Any]:
    """Return an order of Marc's that Hélène placed, paid: with payments, mails and commissions of its own."""
    body = {"customer_id": await shop.customer_id("marc"), "reference": f"marc-{new_id()}"}
    lines = [{"sku": "VIN-CHB", "quantity": 1}]
    order: dict[str, Any] = await shop.people["helene"].create("/v1/orders", str(new_id()), {**body, "lines": lines})
    transfer = {"amount": order["total"], "value_date": "2026-11-20", "reference": f"VIR-{new_id()}"}
    await shop.people["clerk"].create(f"/v1/orders/{order['id']}/payments", str(new_id()), transfer)
    found: dict[str, Any] = await shop.people["admin"].get(f"/v1/orders/{order['id']}")
    return found


@pytest.fixture(scope="module")
async def marcs(shop: Any) -> AsyncIterator[Treasure]:
    """Yield what is Marc's and Hélène's, who looks after him: none of it is Paul's or Lucie's to see.

    In the end all of it must be as it was.
    """
    admin, treasure = shop.people["admin"], Treasure()
    order = await sold_to_marc(shop)
    treasure.add("orders", order, order["id"], order["reference"], order["customer_name"])
    customer = await admin.get(f"/v1/customers/{order['customer_id']}")
    treasure.add("customers", customer, customer["id"], customer["email"], customer["company_name"])
    treasure.add("companies", {"id": customer["company_id"]}, customer["company_id"])
    manager = await admin.get(f"/v1/agents/{customer['agent_id']}")
    treasure.add("agents", manager, manager["email"])  # her id and group stand in the record of her team, too
    treasure.add("agent-groups", (await admin.get("/v1/agent-groups"))["items"][0])
    for who in ("marc", "helene", "admin"):
        account = (await admin.get("/v1/accounts", q=shop.logins[who].email))["items"][0]
        treasure.add("accounts", account, account["id"], account["email"])
    treasure.add("mails", mail := await first_mail(admin, order), mail["id"], mail["message_id"])
    assert any(entry["agent_id"] == manager["id"] for entry in (await admin.get("/v1/commissions"))["items"])

    before = await as_they_are(shop, treasure)
    yield treasure
    assert await as_they_are(shop, treasure) == before


async def first_mail(admin: Api, order: dict[str, Any]) -> dict[str, Any]:
    async def found() -> Any:
        mails = (await admin.get("/v1/mails", order_id=order["id"]))["items"]
        assert [mail["status"] for mail in mails] == ["sent"] * 3  # placed, to customer and agent; paid
        return mails[0]

    mail: dict[str, Any] = await eventually(found)
    return mail


async def as_they_are(shop: Any, treasure: Treasure) -> dict[str, Any]:
    shown = ("orders", "customers", "companies", "agents", "accounts")
    ones = [f"/v1/{kind}/{id_}" for kind in shown for id_ in sorted(treasure.ids[kind])]
    parts = [f"{one}/{part}" for one in ones if "/orders/" in one for part in ("payments", "history", "calculation")]
    paths = [*ones, *parts, "/v1/agent-groups", "/v1/sales-settings"]
    return {path: await shop.people["admin"].get(path) for path in paths}


@pytest.fixture(scope="module")
async def api(shop: Any) -> Any:
    """Return the API's own description."""
    return (await shop.people["visitor"].http.get("/openapi.json")).json()


def operations(api: dict[str, Any]) -> Iterator[Operation]:
    """Return every documented operation on one thing that is not for everyone."""
    for path, described in api["paths"].items():
        for method in METHODS:
            if method not in described or "{" not in path or (method, path) in PUBLIC:
                continue
            sent = described[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
            yield Operation(method, path, sent.get("example"), path.split("/")[2], names)


def filled(operation: Operation, treasure: Treasure) -> Iterator[dict[str, str]]:
    """Yield what to put into the path: each foreign thing of its kind, or what there is one of in every shop."""
    fixed = {"service": "orders", "producer": "customers", "seq": "1", "handler": "any", "sku": "CAFE-1KG"}
    fixed |= {"link_kind": "accessory", "kind": "stock", "warehouse": "main"}
    for id_ in sorted(treasure.ids.get(operation.about, ())) or [str(new_id())]:
        yield {name: fixed.get(name, id_) for name in operation.names}


def told(answer: httpx.Response) -> tuple[int, Any]:
    """Return all an answer says, but for the id of its request."""
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "trace_id"}


async def attempt(caller: Api, operation: Operation, ids: dict[str, str], words: set[str]) -> str | None:
    """Try an operation on a foreign thing and on none; return a sentence when the answers give anything away."""
    unknown = {name: str(new_id()) if len(value) == 36 else value for name, value in ids.items()}
    answer, of_nothing = await asyncio.gather(operation.ask(caller, ids), operation.ask(caller, unknown))
    where = f"{operation.method.upper()} {operation.path.format(**ids)}: {answer.status_code} {answer.text[:200]}"
    if answer.status_code not in REFUSALS or any(word in answer.text for word in words):
        return where
    if told(answer) != told(of_nothing):
        return f"{where}, where an unknown one gets {of_nothing.status_code} {of_nothing.text[:200]}"
    return None


async def all_of(work: Iterator[Any]) -> list[str]:
    """Do all of it, some at once; return the sentences."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(coroutine: Any) -> Any:
        async with gate:
            return await coroutine

    return [found for found in await asyncio.gather(*map(one, work)) if found]


@pytest.mark.parametrize("who", INTRUDERS)
async def test_no_operation_reaches_what_is_not_ones_own(
    shop: Any, api: dict[str, Any], marcs: Treasure, who: str
) -> None:
    tried = [(operation, ids) for operation in operations(api) for ids in filled(operation, marcs)]
    assert marcs.ids.keys() <= {operation.about for operation, _ in tried}

    gaps = await all_of(attempt(shop.people[who], operation, ids, marcs.words) for operation, ids in tried)

    assert gaps == []


def filters(api: dict[str, Any], marcs: Treasure, logins: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every list with each of its filters asking for Marc's."""
    one = {kind: next(iter(ids)) for kind, ids in marcs.ids.items()}
    reference = next(word for word in marcs.words if word.startswith("marc-"))
    asking = {
        "customer_id": [one["customers"]],
        "agent_id": [one["agents"]],
        "parent_id": [one["agents"]],
        "order_id": [one["orders"]],
        "company_id": [one["companies"]],
        "group_id": [one["agent-groups"]],
        "reference": [reference],
        "to": [logins["marc"].email, logins["helene"].email],
        "q": ["Marc", "Roux", "beaurivage", "%", ""],
    }
    for path, described in api["paths"].items():
        names = {one.get("name") for one in described.get("get", {}).get("parameters", ()) if one.get("in") == "query"}
        if "{" not in path and names:
            yield path, {"limit": "100"} if "limit" in names else {}
            yield from ((path, {name: value}) for name in names & asking.keys() for value in asking[name])


@pytest.mark.parametrize("who", INTRUDERS)
async def test_no_list_and_no_filter_shows_what_is_not_ones_own(
    shop: Any, api: dict[str, Any], marcs: Treasure, who: str
) -> None:
    async def look(path: str, query: dict[str, str]) -> str | None:
        answer = await shop.people[who].http.get(path, params=query)
        shown = [word for word in marcs.words if word in answer.text]
        fine = answer.status_code in REFUSALS | {200, 422} and not shown
        return None if fine else f"{path} {query}: {answer.status_code} {shown}"

    asked = list(filters(api, marcs, shop.logins))
    assert {"/v1/orders", "/v1/customers", "/v1/commissions", "/v1/mails"} <= {path for path, _ in asked}

    assert await all_of(look(path, query) for path, query in asked) == []


@pytest.mark.parametrize("who", INTRUDERS)
@pytest.mark.parametrize("path", ["/v1/products", "/v1/products/{product}"])
async def test_nobody_sees_prices_of_a_customer_who_is_not_theirs(
    shop: Any, marcs: Treasure, who: str, path: str
) -> None:
    product = (await shop.people["visitor"].get("/v1/products", sku="CAFE-1KG"))["items"][0]["id"]
    (marc,) = marcs.ids["customers"]

    answers = [
        await shop.people[who].http.get(path.format(product=product), params={"customer_id": customer})
        for customer in (marc, str(new_id()))
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert told(answers[0]) == told(answers[1])


@pytest.mark.parametrize("who", ["paul", "lucie"])
async def test_nobody_orders_for_a_customer_who_is_not_theirs(shop: Any, marcs: Treasure, who: str) -> None:
    (marc,) = marcs.ids["customers"]

    async def placed(customer_id: str) -> httpx.Response:
        body = {"customer_id": customer_id, "lines": [{"sku": "THE-100", "quantity": 1}]}
        answer: httpx.Response = await shop.people[who].http.post("/v1/orders", json=body, headers=fresh_key())
        return answer

    assert told(await placed(marc)) == told(await placed(str(new_id())))
    assert (await placed(marc)).json()["code"] == "CUSTOMER_NOT_FOUND"


@pytest.mark.parametrize("who", ["paul", "lucie"])
async def test_a_cursor_of_somebody_elses_list_opens_none_of_it(shop: Any, marcs: Treasure, who: str) -> None:
    await sold_to_marc(shop)  # there are two at least, and the cursor stands between them
    cursor = (await shop.people["admin"].get("/v1/orders", limit="1"))["next"]

    page = await shop.people[who].http.get("/v1/orders", params={"cursor": cursor, "limit": "100"})

    assert page.status_code == 200
    assert not any(word in page.text for word in marcs.words)
