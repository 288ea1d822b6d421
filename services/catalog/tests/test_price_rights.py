"""Prices of lists, promotions and their changes are read and written by those who set prices, and nobody else."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.base import Message, Request
from shared.contracts.catalog import catalog_settings, price_changes, price_lists, price_rows, promotions
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden, Unauthorized
from shared.messaging.hall import Hall
from shared.testing import agent, customer, staff

MODULES = {module.__name__ for module in (price_changes, price_lists, price_rows, promotions)}
REQUESTS = [
    message for message in Message.registry.values() if message.__module__ in MODULES and issubclass(message, Request)
]
OTHERS = staff(*(Permission(name) for name in Permission if name not in (Permission.PRICES_WRITE, Permission.PUBLIC)))
GIVEN: dict[str, Any] = {
    "id": str(new_id()),
    "expected_version": 1,
    "code": "acme",
    "name": "Acme",
    "level": "contract",
    "currency": "EUR",
    "mode": "net",
    "priority": 0,
    "status": "draft",
    "starts_at": None,
    "ends_at": None,
    "tier_basis": "variant",
    "stackable": False,
    "rows": [{"scope": "all", "value": "1"}],
    "row_ids": [str(new_id())],
    "enabled": True,
    "markets": [],
    "exclusive": False,
    "kind": "percent_off",
    "value": "1",
    "scope": "all",
    "targets": [],
}
OF_LISTS = {"targets": [{"kind": "customer", "id": str(new_id())}]}


def body(contract: type[Request[Any]]) -> bytes:
    """Return a valid body of a contract."""
    given = GIVEN | (OF_LISTS if contract.__module__ == price_lists.__name__ else {})
    given |= {"kind": "percent"} if contract.__module__ == price_changes.__name__ else {}
    if not contract.__name__.startswith(("Create", "Change")):
        given = {name: value for name, value in given.items() if name in ("id", "expected_version", "rows", "row_ids")}
    return contract.model_validate(given).model_dump_json().encode()


async def nobody(*_: Any) -> Any:
    """Handle nothing: whoever comes here was let in."""
    raise AssertionError("let in")


def hall(actor: Actor) -> Hall:
    """Return a hall at which one actor asks."""

    async def caller(token: str | None) -> Actor:
        return actor

    parts: dict[str, Any] = {"nc": None, "callers": SimpleNamespace(actor=caller), "emitted": lambda: None}
    return Hall("catalog", sessions=async_sessionmaker(), reads=async_sessionmaker(), **parts)


@pytest.mark.parametrize("contract", REQUESTS, ids=lambda contract: contract.__name__)
@pytest.mark.parametrize("actor", [OTHERS, agent(new_id()), customer(new_id()), VISITOR], ids=lambda actor: actor.type)
async def test_who_does_not_set_prices_neither_reads_nor_writes_them(contract: Any, actor: Actor) -> None:
    answer = await hall(actor).receive(contract, nobody, body(contract), {})

    assert isinstance(answer.problem, Unauthorized if actor is VISITOR else Forbidden)
    assert answer.problem.status == (401 if actor is VISITOR else 403)


def test_all_that_is_asked_of_them_was_looked_at() -> None:
    assert len(REQUESTS) == 16
    assert {contract.__name__ for contract in REQUESTS} >= {"ListPriceRows", "ListPriceDifferences", "PutPriceRows"}


async def test_settings_are_read_by_who_reads_the_catalogue() -> None:
    contract = catalog_settings.GetCatalogSettings
    for actor in (agent(new_id()), staff(Permission.ORDERS_READ)):
        answer = await hall(actor).receive(contract, nobody, b"{}", {})
        assert isinstance(answer.problem, Forbidden)
