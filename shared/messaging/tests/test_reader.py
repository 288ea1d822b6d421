"""Where a reader begins, and that it heals."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from shared.messaging.places import Place
from shared.messaging.reader import Arrival, Start, StreamReader
from shared.messaging.tests.stage import LISTENER, SAYER, Stage, until


async def take(reader: StreamReader, how_many: int) -> Sequence[int]:
    numbers: list[int] = []

    async def enough() -> bool:
        numbers.extend(arrival.seq for arrival in await reader.read(within=0.1))
        return len(numbers) >= how_many

    await until(enough)
    return numbers


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    relay = await stage.relay()
    await stage.say_together(5)
    await until(lambda: relay.status.published_seq == 5)
    return stage


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (Place(), 1),
        (Place(seq=3), 4),
        (Place(epoch="another life", stream_seq=1, seq=4), 5),
        (Place(seq=900), 901),
        (datetime.now(UTC) - timedelta(hours=1), 1),
    ],
)
async def test_a_reader_begins_behind_a_place_or_at_a_moment(stage: Stage, start: Start, first: int) -> None:
    reader = StreamReader(await stage.client(LISTENER), SAYER, start)

    if first <= 5:
        assert await take(reader, 6 - first) == list(range(first, 6))
    assert await reader.read(within=0.05) == []
    await reader.close()


async def test_a_reader_of_what_is_new_loses_nothing_while_it_is_cut_off(stage: Stage) -> None:
    reader = StreamReader(await stage.client(LISTENER), SAYER, "new")
    assert await reader.read(within=0.05) == []

    await stage.nats.restart()
    await stage.say(2)

    assert await take(reader, 2) == [6, 7]
    await reader.close()


async def test_a_reader_passes_over_what_it_has_read_when_the_stream_is_made_anew(stage: Stage) -> None:
    reader = StreamReader(await stage.client(LISTENER), SAYER, Place())
    assert await take(reader, 5) == [1, 2, 3, 4, 5]
    before = reader.place

    await stage.nats.wipe()
    await stage.say(1)

    assert await take(reader, 1) == [6]
    assert reader.place.epoch != before.epoch
    await reader.close()


async def test_an_arrival_says_what_came(stage: Stage) -> None:
    reader = StreamReader(await stage.client(LISTENER), SAYER, Place())

    arrivals: list[Arrival] = []

    async def some() -> bool:
        arrivals.extend(await reader.read(within=0.1))
        return len(arrivals) >= 5

    await until(some)
    kept = await stage.rows(stage.sayer, "SELECT body FROM outbox ORDER BY seq")
    assert [arrival.body for arrival in arrivals] == [row.body for row in kept]
    assert {arrival.type for arrival in arrivals} == {f"{SAYER}.test_said.v1"}
    assert reader.waiting == 0
    await reader.close()
