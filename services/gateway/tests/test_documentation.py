"""The OpenAPI document and its page: whole, true, and able to stand alone."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway import examples
from services.gateway.app import create_app
from services.gateway.routes import pages
from services.gateway.settings import Settings
from shared.contracts.actor import Permission
from shared.contracts.base import GATEWAY, Message, Request
from shared.contracts.registry import load_contracts

DOCUMENT = create_app(Settings()).openapi()
OPERATIONS = [
    pytest.param(said, id=said["operationId"]) for item in DOCUMENT["paths"].values() for said in item.values()
]
# What only other services' contracts need, and what the gateway itself asks without a route.
ASKED_WITHOUT_A_ROUTE = {"GetSigningKeys", "ResolveSubject"}


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    if isinstance(part, list):
        return [found for value in part for found in references(value)]
    return []


@pytest.mark.parametrize("said", OPERATIONS)
def test_an_operation_says_what_it_does_and_who_may(said: dict[str, Any]) -> None:
    assert said["summary"]
    assert said["summary"][0].isupper()
    assert not said["summary"].endswith(".")
    assert "Needs `" in said["description"] or "Anyone may ask." in said["description"]
    assert said["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    permissions = {permission for any_of in said["x-permissions"] for permission in any_of}
    assert permissions <= set(Permission)
    secured = [scheme for scheme in said["security"] if "bearer" in scheme]
    assert bool(permissions) <= bool(secured)


@pytest.mark.parametrize("said", OPERATIONS)
def test_an_operation_shows_an_example_of_all_it_takes_and_answers(said: dict[str, Any]) -> None:
    assert all(parameter.get("description") for parameter in said["parameters"] if "$ref" not in parameter)
    if body := said.get("requestBody"):
        assert all(content["example"] for content in body["content"].values())
    success = [answer for status, answer in said["responses"].items() if status < "300"]
    assert len(success) == 1
    assert all(content["example"] for content in success[0].get("content", {}).values())


@pytest.mark.parametrize("said", OPERATIONS)
def test_an_operation_names_the_problems_it_may_answer(said: dict[str, Any]) -> None:
    statuses = set(said["responses"])
    names = {parameter.get("$ref", "").rpartition("/")[2] for parameter in said["parameters"]}

    assert {"422", "429", "500", "503"} <= statuses
    assert ("403" in statuses) >= bool(said["x-permissions"])
    assert (
        ("401" in statuses) == bool(said["security"]) or "sign" in said["operationId"] or "session" in said["tags"][0]
    )
    takes = set(said.get("requestBody", {}).get("content", ()))
    assert {"413", "415"} <= statuses or "application/json" not in takes
    assert "413" in statuses or not takes
    assert "400" in statuses or "IdempotencyKey" not in names
    assert {"412", "428"} <= statuses or "IfMatch" not in names


def test_every_contract_that_the_gateway_may_ask_has_an_operation() -> None:
    load_contracts()
    wanted = {
        contract.__name__
        for contract in Message.registry.values()
        if issubclass(contract, Request) and contract.asked_by >= GATEWAY and contract.__module__.startswith("shared.")
    }
    subjects = {word for said in OPERATIONS for word in said.values[0]["description"].split("`")}  # type: ignore[index]
    asked = {contract.__name__ for subject, contract in Message.registry.items() if subject in subjects}

    assert wanted - asked == ASKED_WITHOUT_A_ROUTE


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        found: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_every_example_is_what_its_contract_would_say() -> None:
    load_contracts()
    contracts = {contract.__name__: contract for contract in Message.registry.values()}
    for name in examples.SENT:
        assert set(examples.SENT[name]) <= contracts[name].model_fields.keys(), name


def test_the_document_does_not_depend_on_where_it_is_made() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["servers"] == [{"url": "/"}]
    assert "/home/" not in str(DOCUMENT)
    public = create_app(Settings(public_url="https://api.example.com/"))
    assert public.openapi()["servers"] == [{"url": "https://api.example.com"}]


async def test_the_page_comes_whole_from_here_without_inline_scripts_or_strangers(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)
    assert set(re.findall(r'(?:src|href)="(?!#)([^"]+)"', page.text)) <= {
        "/openapi.json",
        *(f"/docs/{path.name}" for path in pages.STATIC.iterdir()),
    }
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", sorted(pages.STATIC.iterdir()), ids=lambda path: path.name)
async def test_every_part_of_the_page_is_served_and_small(http: httpx.AsyncClient, path: Path) -> None:
    answer = await http.get(f"/docs/{path.name}")

    assert answer.status_code == 200
    assert answer.content
    assert len(answer.content) < 16_000
    assert not re.search(rb"https?://(?!www\.w3\.org)|innerHTML|eval\(", answer.content)


async def test_the_index_leads_to_it_all(http: httpx.AsyncClient) -> None:
    links = (await http.get("/")).json()["links"]

    assert {(await http.get(link)).status_code for link in links.values()} == {200}
