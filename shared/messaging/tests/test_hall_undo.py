"""What a refused request asked others to keep for it is given back, unless its twin stands on it."""

import asyncio
import json
from typing import Any

import pytest

from shared.contracts.base import Request
from shared.contracts.values import Done
from shared.messaging.hall import Answer, Hall
from shared.messaging.tests.test_hall import Buy, Door, Look, TooLate, buy, code, door
from shared.messaging.work import Origin, UnitOfWork

__all__ = ["door"]


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch) -> list[Request[Any]]:
    sent: list[Request[Any]] = []

    async def undo(self: Hall, origin: Origin, undo: list[Request[Any]]) -> None:
        sent.extend(undo)

    monkeypatch.setattr(Hall, "_undo", undo)
    return sent


async def held_then_refused(command: Buy, work: UnitOfWork) -> Done:
    work.on_refusal(Look())
    raise TooLate


async def test_what_a_refused_request_held_is_given_back(door: Door, given_back: list[Request[Any]]) -> None:
    answer = await ask(door, held_then_refused, "chair")

    assert code(answer) == "TOO_LATE"
    assert given_back == [Look()]


async def test_a_twin_with_another_body_does_not_give_back_what_the_first_one_stands_on(
    door: Door, given_back: list[Request[Any]]
) -> None:
    together = asyncio.Barrier(2)

    async def held(command: Buy, work: UnitOfWork) -> Done:
        work.on_refusal(Look())
        await together.wait()
        return await buy(command, work)

    answers = await asyncio.gather(ask(door, held, "chair"), ask(door, held, "table"))

    assert sorted(str(code(answer)) for answer in answers) == ["IDEMPOTENCY_MISMATCH", "None"]
    assert given_back == []


async def ask(door: Door, function: Any, thing: str) -> Answer:
    headers = {"authorization": "Bearer buyer", "Idempotency-Key": "k"}
    return await door.hall().receive(Buy, function, json.dumps({"thing": thing}).encode(), headers)
