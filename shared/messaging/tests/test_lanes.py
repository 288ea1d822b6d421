"""The lanes of a request: the first is FastStream's and documented, the others are NATS's; all lead to one place."""

import json
from typing import Any
from uuid import UUID

from faststream.nats import NatsBroker

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Message, Query
from shared.kernel.problems import FieldError, Malformed, Problem
from shared.messaging.hall import Answer
from shared.messaging.lanes import LARGEST, MOST_ERRORS, Bindings, bind, reply, widen
from shared.messaging.work import UnitOfWork


class Named(Contract):
    """Who asked."""

    id: UUID


class Look(Query[Named], subject="orders.test_look.v1", allow={Permission.PUBLIC}):
    """What is asked here."""


class Find(Query[Named], subject="orders.test_find.v1", allow={Permission.PUBLIC}):
    """What is asked there."""


for contract in (Look, Find):  # generated documentation and permissions know nothing of tests
    del Message.registry[contract.subject]


async def answer(query: Look | Find, work: UnitOfWork) -> Named:
    raise NotImplementedError


class Client:
    """What is subscribed at NATS."""

    def __init__(self) -> None:
        self.subscribed: list[tuple[str, str, Any]] = []

    async def subscribe(self, subject: str, queue: str, cb: Any) -> Any:
        self.subscribed.append((subject, queue, cb))
        return subject


async def test_every_request_has_its_lanes_in_the_queue_group_of_its_service() -> None:
    broker, client = NatsBroker(), Client()
    bindings: Bindings = {contract.subject: (contract, answer) for contract in (Look, Find)}
    bind(broker, "orders", bindings)
    others: Any = await widen(broker, client, 3)  # type: ignore[arg-type]

    first: list[Any] = list(broker.subscribers)
    taking = {lane.subject.broker_address: lane.consume for lane in first}
    assert sorted(taking) == sorted(bindings)
    assert sorted(others) == sorted([*bindings, *bindings])
    assert [(subject, queue) for subject, queue, _ in client.subscribed] == [(subject, "orders") for subject in others]
    assert all(taking[subject] == cb for subject, _, cb in client.subscribed)


async def test_one_lane_is_the_first() -> None:
    broker, client = NatsBroker(), Client()
    bind(broker, "orders", {Look.subject: (Look, answer)})

    assert await widen(broker, client, 1) == []  # type: ignore[arg-type]
    assert (len(list(broker.subscribers)), client.subscribed) == (1, [])


def test_a_problem_of_very_many_faults_names_the_first_of_them() -> None:
    faults = [FieldError(f"/lines/{place}", "WRONG", "m" * 200) for place in range(LARGEST // 200)]

    body, headers = reply(Answer(problem=Malformed(errors=faults)), "trace")

    assert len(body) < LARGEST
    assert headers["Nats-Service-Error"] == "MALFORMED"
    said = Problem.from_dict(json.loads(body))
    assert [error.pointer for error in said.errors] == [f"/lines/{place}" for place in range(MOST_ERRORS)]
