"""What a service asks of its own accord is told from what it asks for a caller, be that a visitor."""

import json
from datetime import timedelta

import pytest

from shared.contracts.actor import Permission, service_actor, service_permission
from shared.contracts.base import Contract, Message, Query
from shared.kernel import clock
from shared.messaging.tests.test_hall import Door, code, door
from shared.messaging.wire import SERVICE, request_headers
from shared.messaging.work import Origin, UnitOfWork

__all__ = ["door"]


class Named(Contract):
    """Who asked."""

    name: str


class Sweep(
    Query[Named], subject="orders.test_sweep.v1", allow={service_permission("catalog")}, asked_by={"catalog", "agents"}
):
    """What one service asks of its own accord, and another only for its callers."""


class Ask(
    Query[Named], subject="orders.test_ask.v1", allow={service_permission("*"), Permission.PUBLIC}, asked_by={"*"}
):
    """What every service asks, for itself or for whomever."""


for contract in (Sweep, Ask):  # generated documentation and permissions know nothing of tests
    del Message.registry[contract.subject]


async def who(query: Sweep | Ask, work: UnitOfWork) -> Named:
    return Named(name=work.actor.name or work.actor.type)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (Origin(actor=service_actor("catalog")), None),
        (Origin(actor=service_actor("agents")), "UNAUTHORIZED"),
        (Origin(), "UNAUTHORIZED"),
        (Origin(actor=service_actor("catalog"), token="agent"), "FORBIDDEN"),
    ],
    ids=["the one allowed", "another one", "a visitor's", "a caller's"],
)
async def test_a_service_asks_for_itself_only_where_nobody_stands_behind_it(
    door: Door, sent: Origin, answered: str | None
) -> None:
    headers = request_headers(sent, None, clock.now() + timedelta(seconds=5))

    assert code(await door.hall().receive(Sweep, who, b"{}", headers)) == answered


async def test_what_everybody_may_ask_is_asked_by_the_one_who_asks(door: Door) -> None:
    for sent, name in ((Origin(actor=service_actor("notifications")), "notifications"), (Origin(), "visitor")):
        headers = request_headers(sent, None, clock.now() + timedelta(seconds=5))
        answer = await door.hall().receive(Ask, who, b"{}", headers)
        assert json.loads(answer.body) == {"name": name}


async def test_a_services_name_beside_a_callers_token_counts_for_nothing(door: Door) -> None:
    headers = {"authorization": "Bearer agent", SERVICE: "catalog"}

    assert code(await door.hall().receive(Sweep, who, b"{}", headers)) == "FORBIDDEN"
