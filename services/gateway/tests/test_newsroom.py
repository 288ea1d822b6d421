"""Who may hear what, and when nobody can."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from services.gateway import newsroom
from services.gateway.newsroom import READ_OF, Newsroom
from services.gateway.settings import Settings
from services.gateway.streaming import Wanted
from shared.contracts.actor import VISITOR, Permission
from shared.kernel.problems import Forbidden, Malformed, Unauthorized, Unavailable
from shared.testing import staff


@pytest.fixture
def callers() -> Any:
    people = {
        "nobody": staff(Permission.ORDERS_READ),
        "idle": staff(Permission.EVENTS_READ),
        "clerk": staff(Permission.EVENTS_READ, Permission.ORDERS_READ, Permission.CUSTOMERS_READ),
        "admin": staff(Permission.EVENTS_READ, *READ_OF.values()),
        None: VISITOR,
    }

    async def actor(token: str | None) -> Any:
        return people[token]

    return SimpleNamespace(actor=actor)


@pytest.fixture
def newsroom_of(callers: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Newsroom]:
    monkeypatch.setattr(newsroom, "StreamReader", lambda nc, producer, start: SimpleNamespace(start=start))

    def make(connected: bool = True, limit: int = 0) -> Newsroom:
        return Newsroom(SimpleNamespace(is_connected=connected), callers, limit)  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(("token", "problem"), [(None, Unauthorized), ("nobody", Forbidden), ("idle", Forbidden)])
async def test_only_who_may_read_events_hears_them(newsroom_of: Any, token: str | None, problem: Any) -> None:
    with pytest.raises(problem):
        await newsroom_of().stream(token, Wanted(), None)

    await newsroom_of().stream("admin", Wanted(), None)


async def test_streams_are_refused_while_the_broker_is_away_or_all_are_taken(newsroom_of: Any) -> None:
    with pytest.raises(Unavailable):
        await newsroom_of(connected=False).stream("admin", Wanted(), None)
    room = newsroom_of(limit=1)
    room._count(+1)
    with pytest.raises(Unavailable, match="taken"):
        await room.stream("admin", Wanted(), None)
    room._count(-1)
    await room.stream("admin", Wanted(), None)


async def test_an_id_of_a_stranger_is_refused(newsroom_of: Any) -> None:
    with pytest.raises(Malformed):
        await newsroom_of().stream("admin", Wanted(), "nobody-3")


def test_the_newsroom_knows_every_producer(newsroom_of: Any) -> None:
    assert set(newsroom_of().producers) == set(READ_OF)
    assert Settings().event_streams > 0


async def test_a_clerk_hears_what_she_may_read_and_no_commission_nor_account(newsroom_of: Any) -> None:
    room = newsroom_of()
    stream = await room.stream("clerk", Wanted(), None)

    assert set(stream.producers) == {"orders", "customers"}
    with pytest.raises(Forbidden):
        await room.stream("clerk", Wanted.read("agents.*,identity.*"), None)
    with pytest.raises(Forbidden):
        await room.check("clerk", ["orders", "agents"])


def test_every_service_that_tells_something_has_its_permission(newsroom_of: Any) -> None:
    assert set(newsroom_of().producers) == set(READ_OF)
