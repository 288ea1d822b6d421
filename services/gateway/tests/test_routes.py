"""Every operation of the API, sent as its documentation says, asks its owner and answers as documented."""

from typing import Any

import httpx
import pytest

from services.gateway.app import create_app
from services.gateway.examples import people
from services.gateway.examples.images import KEY
from services.gateway.settings import Settings
from shared.contracts.actor import ActorType
from shared.contracts.agents.agents import GetAgent
from shared.contracts.agents.commissions import GetStatement
from shared.contracts.customers.customers import ChangeCustomer, CustomerView, GetCustomer
from shared.contracts.identity import AccountView, GetAccount, SignIn
from shared.contracts.operations import RetryParked
from shared.contracts.orders.orders import ListOrders
from shared.kernel.problems import Problem

PATH = {
    "sku": "CAFE-1KG",
    "warehouse": "nantes",
    "link_kind": "accessory",
    "placement": "home-top",
    "kind": "stock",
    "key": KEY,
    "size": "thumbnail",
    "service": "agents",
    "producer": "orders",
    "seq": "1207",
    "handler": "accrue_commission",
}
DOCUMENT = create_app(Settings()).openapi()
OPERATIONS = [
    pytest.param(path, method, said, id=said["operationId"])
    for path, item in DOCUMENT["paths"].items()
    for method, said in item.items()
    if said["operationId"] != "hear_events"
]


def filled(path: str) -> str:
    for name in set(path.replace("}", "{").split("{")[1::2]):
        path = path.replace(f"{{{name}}}", PATH.get(name, people.ORDER))
    return path


def headers_of(said: dict[str, Any]) -> dict[str, str]:
    names = {parameter.get("$ref", "").rpartition("/")[2] for parameter in said["parameters"]}
    values = {"IdempotencyKey": ("Idempotency-Key", "key-1"), "IfMatch": ("If-Match", '"3"')}
    return dict(value for name, value in values.items() if name in names) | {"Authorization": "Bearer t.o.ken"}


async def send(http: httpx.AsyncClient, path: str, method: str, said: dict[str, Any]) -> httpx.Response:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    return await http.request(method, filled(path), json=body, headers=headers_of(said))


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
async def test_an_operation_asks_its_owner_and_answers_as_documented(
    http: httpx.AsyncClient, owners: Any, path: str, method: str, said: dict[str, Any]
) -> None:
    answer = await send(http, path, method, said)

    status, documented = next((code, one) for code, one in said["responses"].items() if code < "300")
    assert (answer.status_code, len(owners.asked) > 0) == (int(status), True), answer.text
    if status == "204":
        assert answer.content == b""
    elif (media := next(iter(documented["content"]))) != "application/json":
        assert answer.headers["content-type"].partition(";")[0] == media
    else:
        assert answer.json() == documented["content"]["application/json"]["example"]
    promised = {name.lower() for name in documented["headers"]} - {"link", "location", "idempotency-replayed"}
    assert promised <= answer.headers.keys()
    assert any(f"`{type(request).subject}`" in said["description"] for request in owners.asked)


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
async def test_an_operation_refuses_a_query_parameter_it_does_not_know(
    http: httpx.AsyncClient, owners: Any, path: str, method: str, said: dict[str, Any]
) -> None:
    answer = await http.request(method, filled(path), params={"colour": "red"}, headers=headers_of(said))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/colour"
    assert owners.asked == []


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
async def test_an_operation_passes_on_the_problems_it_documents(
    http: httpx.AsyncClient, owners: Any, path: str, method: str, said: dict[str, Any]
) -> None:
    for kind in documented_problems(said):
        owners.answers = dict.fromkeys(set(owners.answers) | asked_by(said), kind("Because.", fact=1))
        answer = await send(http, path, method, said)

        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["detail"]) == (kind.status, kind.code, "Because.")
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["trace_id"] == answer.headers["x-request-id"]
        assert problem["details"] == {"fact": 1}
        assert ("retry-after" in answer.headers) == (kind.retry_after is not None)
        assert ("www-authenticate" in answer.headers) == (kind.status == 401)


def documented_problems(said: dict[str, Any]) -> list[type[Problem]]:
    refusals = [resolved(answer) for code, answer in said["responses"].items() if code >= "400"]
    names = [name for one in refusals for name in one["content"]["application/problem+json"]["examples"]]
    return [Problem.registry[name] for name in names]


def resolved(answer: dict[str, Any]) -> dict[str, Any]:
    return DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer


def asked_by(said: dict[str, Any]) -> set[str]:
    subjects = [word for word in said["description"].split("`") if word.startswith("rpc.")]
    return {"".join(part.title() for part in subject.split(".")[2].split("_")) for subject in subjects}


async def test_what_the_path_says_fills_the_contract(http: httpx.AsyncClient, owners: Any) -> None:
    headers = {"If-Match": '"7"'}
    await http.patch(f"/v1/customers/{people.CUSTOMER}", json={"name": "Lucie"}, headers=headers)
    path = "/v1/operations/agents/parked/orders/1207/accrue_commission/retry"
    await http.post(path, json={"reason": "repaired"})

    assert owners.asked[0] == ChangeCustomer(id=people.CUSTOMER, expected_version=7, name="Lucie")
    assert owners.asked[1] == RetryParked(
        service="agents", producer="orders", seq=1207, handler="accrue_commission", reason="repaired"
    )


async def test_a_sign_in_carries_the_clients_address_and_no_old_token(http: httpx.AsyncClient, owners: Any) -> None:
    body = {"email": "paul@example.com", "password": "correct horse"}
    answer = await http.post("/v1/sessions", json=body, headers={"Authorization": "Bearer expired"})

    assert answer.status_code == 201
    command = owners.asked[0]
    assert isinstance(command, SignIn)
    assert (command.client_address, command.password.get_secret_value()) == ("203.0.113.7", "correct horse")
    assert owners.origins[0].token is None


async def test_me_shows_an_agent_with_their_record(http: httpx.AsyncClient, owners: Any) -> None:
    answer = (await http.get("/v1/me")).json()

    assert [type(request) for request in owners.asked] == [GetAccount, GetAgent]
    assert (answer["account"]["name"], answer["agent"]["name"], answer["customer"]) == (
        "Paul Petit",
        "Paul Petit",
        None,
    )


async def test_me_shows_a_customer_with_their_record(http: httpx.AsyncClient, owners: Any, example: Any) -> None:
    owners.answers["GetAccount"] = example(AccountView, type=ActorType.CUSTOMER)
    answer = (await http.get("/v1/me")).json()

    assert [type(request) for request in owners.asked] == [GetAccount, GetCustomer]
    assert CustomerView.model_validate(answer["customer"]).name == "Lucie Bernard"
    assert answer["agent"] is None


async def test_me_shows_staff_alone(http: httpx.AsyncClient, owners: Any, example: Any) -> None:
    owners.answers["GetAccount"] = example(AccountView, type=ActorType.STAFF)
    answer = (await http.get("/v1/me")).json()

    assert (answer["customer"], answer["agent"], len(owners.asked)) == (None, None, 1)


async def test_a_dashboard_is_three_questions_asked_at_once(http: httpx.AsyncClient, owners: Any) -> None:
    answer = (await http.get(f"/v1/agents/{people.AGENT}/dashboard")).json()

    agent = GetAgent(id=people.AGENT)
    assert owners.asked == [agent, GetStatement(agent_id=agent.id), ListOrders(agent_id=agent.id, limit=10)]
    assert [order["number"] for order in answer["latest_orders"]] == [1042]


async def test_ones_own_dashboard_names_nobody(http: httpx.AsyncClient, owners: Any) -> None:
    await http.get("/v1/agents/me/dashboard")

    assert owners.asked == [GetAgent(), GetStatement(), ListOrders(limit=10)]


async def test_an_operation_on_a_service_that_is_none_reaches_nobody(http: httpx.AsyncClient, owners: Any) -> None:
    for name in ("nobody", "orders.place_order.v1", "*", "gateway"):
        answer = await http.get(f"/v1/operations/{name}/status")
        assert (answer.status_code, answer.json()["code"]) == (404, "SERVICE_NOT_FOUND")

    assert owners.asked == []
