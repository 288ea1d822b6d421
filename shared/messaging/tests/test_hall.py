"""The hall's promises: who may ask, seen before, one transaction, always an answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine

from devstack.postgres import Postgres
from shared.contracts.actor import VISITOR, Actor, ActorType, Permission
from shared.contracts.base import Command, Message, Query
from shared.contracts.values import Done, Text
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.kernel.problems import Conflict, NotFound
from shared.messaging.hall import Answer, Hall
from shared.messaging.tables import MessagingBase
from shared.messaging.work import UnitOfWork

SERVICE = "orders"


class Buy(Command[Done], subject="orders.test_buy.v1", allow={Permission.ORDERS_PLACE}):
    """Buys something, once."""

    thing: Text
    refuse: str = ""


class Look(Query[Done], subject="orders.test_look.v1", allow={Permission.PUBLIC}):
    """Looks at something."""

    thing: Text = "x"


for contract in (Buy, Look):  # generated documentation and permissions know nothing of tests
    del Message.registry[contract.subject]


class TooLate(Conflict):
    """It is gone."""


async def buy(command: Buy, work: UnitOfWork) -> Done:
    made = work.made_id(Buy.subject)
    await work.session.execute(
        text("INSERT INTO bought (id, thing) VALUES (:id, :thing)"), {"id": made, "thing": command.thing}
    )
    if command.refuse == "problem":
        raise TooLate
    if command.refuse == "keep":
        work.refuse(TooLate())
    if command.refuse == "bug":
        raise ZeroDivisionError
    return Done(id=made)


async def look(query: Look, work: UnitOfWork) -> Done:
    if query.thing == "none":
        raise NotFound
    await work.session.execute(text("SELECT 1"))
    return Done()


@dataclass
class Door:
    """A hall with a database of its own, and callers known by their token."""

    engine: AsyncEngine
    actors: dict[str | None, Actor] = field(default_factory=dict)

    def hall(self) -> Hall:
        async def actor(token: str | None) -> Actor:
            return self.actors.get(token, VISITOR)

        callers: Any = type("Known", (), {"actor": staticmethod(actor)})
        reads = async_sessionmaker(self.engine.execution_options(isolation_level="AUTOCOMMIT"))
        nobody: Any = None
        return Hall(SERVICE, nobody, async_sessionmaker(self.engine), reads, callers, lambda: None)

    async def ask(self, body: Any, token: str | None = "buyer", key: str | None = "k", **headers: str) -> Answer:
        sent = {**headers, **({"authorization": f"Bearer {token}"} if token else {})}
        if key:
            sent["Idempotency-Key"] = key
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.hall().receive(Buy, buy, raw, sent)

    async def bought(self) -> int:
        async with self.engine.connect() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM bought"))).scalar_one())


@pytest.fixture
async def door(own_postgres: Postgres) -> AsyncIterator[Door]:
    name = f"hall_{new_id().hex[-8:]}"
    await own_postgres.provision([name])
    owner = create_async_engine(own_postgres.url(f"{name}_owner"))
    async with owner.begin() as connection:
        await connection.run_sync(MessagingBase.metadata.create_all)
        await connection.execute(text("CREATE TABLE bought (id uuid PRIMARY KEY, thing text UNIQUE)"))
        await connection.execute(text("CREATE TABLE parts (thing text REFERENCES bought (thing))"))
    await owner.dispose()
    engine = create_async_engine(own_postgres.url(name), pool_size=8)
    buyer = Actor(type=ActorType.STAFF, id=new_id(), account_id=new_id(), permissions=frozenset({"orders:place"}))
    other = Actor(type=ActorType.STAFF, id=new_id(), account_id=new_id(), permissions=frozenset({"orders:place"}))
    agent = Actor(type=ActorType.AGENT, id=new_id(), account_id=new_id())
    yield Door(engine, {"buyer": buyer, "other": other, "agent": agent})
    await engine.dispose()


def code(answer: Answer) -> str | None:
    return answer.problem.code if answer.problem else None


async def test_the_same_command_six_times_at_once_is_one_effect_and_six_equal_answers(door: Door) -> None:
    answers = await asyncio.gather(*(door.ask({"thing": "chair"}) for _ in range(6)))

    assert {code(answer) for answer in answers} == {None}
    assert len({answer.body for answer in answers}) == 1
    assert sum(answer.replayed for answer in answers) == 5
    assert await door.bought() == 1


async def test_the_same_key_with_another_body_is_refused(door: Door) -> None:
    await door.ask({"thing": "chair"})

    assert code(await door.ask({"thing": "table"})) == "IDEMPOTENCY_MISMATCH"
    assert await door.bought() == 1


async def test_a_field_that_another_version_adds_or_leaves_out_makes_no_other_request(door: Door) -> None:
    first = await door.ask({"thing": "chair"})
    written_out = await door.ask({"thing": "chair", "refuse": ""})
    newer = await door.ask({"refuse": "", "thing": "chair", "colour": None})

    assert (written_out.replayed, newer.replayed) == (True, True)
    assert first.body == written_out.body == newer.body


async def test_two_callers_keys_never_meet(door: Door) -> None:
    first = await door.ask({"thing": "chair"}, "buyer")
    second = await door.ask({"thing": "table"}, "other")

    assert code(second) is None
    assert UUID(json.loads(first.body)["id"]) != UUID(json.loads(second.body)["id"])


async def test_a_keyed_command_without_a_key_is_refused(door: Door) -> None:
    assert code(await door.ask({"thing": "chair"}, key=None)) == "IDEMPOTENCY_KEY_REQUIRED"


async def test_a_no_leaves_nothing_and_the_same_key_may_try_again(door: Door) -> None:
    assert code(await door.ask({"thing": "chair", "refuse": "problem"})) == "TOO_LATE"
    assert await door.bought() == 0
    assert code(await door.ask({"thing": "chair"})) is None


async def test_what_a_refusal_recorded_stays(door: Door) -> None:
    assert code(await door.ask({"thing": "chair", "refuse": "keep"})) == "TOO_LATE"
    assert await door.bought() == 1


async def test_a_failing_handler_answers_at_once(door: Door) -> None:
    assert code(await door.ask({"thing": "chair", "refuse": "bug"})) == "INTERNAL_ERROR"
    assert await door.bought() == 0


async def test_malformed_input_names_the_field(door: Door) -> None:
    answer = await door.ask({"thing": ["x"]})

    assert answer.problem
    assert (answer.problem.status, answer.problem.errors[0].pointer) == (422, "/thing")
    assert code(await door.ask(b"\xff not json")) == "MALFORMED"


async def test_who_may_ask_is_decided_here(door: Door) -> None:
    assert code(await door.ask({"thing": "chair"}, token=None)) == "UNAUTHORIZED"
    assert code(await door.ask({"thing": "chair"}, token="agent")) == "FORBIDDEN"
    assert code(await door.ask({"thing": "chair"}, token="buyer")) is None


async def test_nobody_works_for_a_caller_who_has_gone(door: Door) -> None:
    gone = (clock.now() - timedelta(seconds=1)).isoformat()

    assert code(await door.ask({"thing": "chair"}, **{"X-Deadline": gone})) == "UNAVAILABLE"
    assert await door.bought() == 0


async def test_a_unique_value_taken_meanwhile_is_a_clear_answer_and_no_silence(door: Door) -> None:
    await door.ask({"thing": "chair"}, key="one")

    assert code(await door.ask({"thing": "chair"}, key="two")) == "CONFLICT"


async def test_a_row_deleted_meanwhile_is_missed_by_the_next_attempt(door: Door) -> None:
    attempts: list[str] = []

    async def refer(command: Buy, work: UnitOfWork) -> Done:
        attempts.append(command.thing)
        if len(attempts) > 1:
            raise TooLate
        await work.session.execute(text("INSERT INTO parts VALUES ('gone')"))
        return Done()

    sent = {"authorization": "Bearer buyer", "Idempotency-Key": "k"}
    answer = await door.hall().receive(Buy, refer, b'{"thing": "chair"}', sent)

    assert code(answer) == "TOO_LATE"
    assert attempts == ["chair", "chair"]


async def test_a_query_is_answered_without_a_key(door: Door) -> None:
    hall = door.hall()

    assert code(await hall.receive(Look, look, b"{}", {})) is None
    assert code(await hall.receive(Look, look, b'{"thing": "none"}', {})) == "NOT_FOUND"


async def test_a_database_that_went_away_is_a_503_and_then_well_again(own_postgres: Postgres, door: Door) -> None:
    await door.ask({"thing": "chair"}, key="one")
    await own_postgres.kill()
    lost = await door.ask({"thing": "table"}, key="two")
    await own_postgres.restart()

    assert code(lost) == "UNAVAILABLE"
    assert lost.problem
    assert lost.problem.retry_after
    assert code(await door.ask({"thing": "table"}, key="two")) is None
