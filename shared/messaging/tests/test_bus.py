"""What the log says of the connection to NATS: a loss once, and not four times a second."""

import logging

import nats.errors
import pytest

from shared.messaging import bus
from shared.messaging.bus import Ear
from shared.messaging.tests.stage import LISTENER, SAYER, Stage, until

GONE = ConnectionRefusedError(111, "Connection refused")


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def fails(ear: Ear, clock: Clock, seconds: float) -> None:
    """Fail as the client does while the broker is away: every quarter of a second."""
    for _ in range(int(seconds * 4)):
        await ear.failed(GONE)
        clock.seconds += 0.25


async def test_a_loss_is_logged_once_and_then_every_thirty_seconds(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    ear = Ear("orders", clock)

    await fails(ear, clock, 100)

    assert [record.getMessage() for record in caplog.records] == [
        f"NATS: {GONE!r}",
        *(f"NATS, for {seconds} s by now: {GONE!r}" for seconds in (30, 60, 90)),
    ]


async def test_what_fails_after_the_broker_was_back_is_new(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    ear = Ear("orders", clock)

    for _ in range(2):
        await fails(ear, clock, 5)
        with caplog.at_level(logging.INFO):
            await ear.back()

    assert [record.getMessage() for record in caplog.records] == [f"NATS: {GONE!r}", "NATS is back"] * 2


async def test_what_fails_after_a_long_silence_is_new(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    ear = Ear("orders", clock)

    await fails(ear, clock, 5)
    clock.seconds += 3600
    await fails(ear, clock, 5)

    assert [record.getMessage() for record in caplog.records] == [f"NATS: {GONE!r}"] * 2


async def test_every_refusal_is_logged_as_the_bug_it_is(caplog: pytest.LogCaptureFixture) -> None:
    ear = Ear("orders", Clock())

    for subject in ("a", "b", "b"):
        await ear.failed(nats.errors.Error(f'permissions violation for publish to "{subject}"'))

    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_without_the_broker_each_connection_complains_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    relay, pump = await stage.relay(), await stage.pump()
    await stage.say(2)
    await stage.all_is_heard()
    failed = [bus.failures.labels(name)._value for name in (SAYER, LISTENER)]
    before = [counter.get() for counter in failed]

    await stage.nats.kill()
    await until(lambda: all(counter.get() > count + 6 for counter, count in zip(failed, before, strict=True)))
    await until(lambda: bool(relay.status.trouble and pump.status.trouble))
    await stage.nats.restart()
    await stage.say(2)
    await stage.all_is_heard()

    assert len(complaints(caplog)) == 2, complaints(caplog)
    assert all(line.startswith("NATS: ") for line in complaints(caplog))
    assert [record.getMessage() for record in caplog.records].count("NATS is back") == 2


async def test_a_first_start_complains_of_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A listener may well be up before the producer whose stream it wants to read."""
    caplog.set_level(logging.INFO)
    pump = await stage.pump()
    await until(lambda: "its owner has not made it yet" in (pump.status.trouble or ""))

    await stage.relay()
    await stage.say(2)
    await stage.all_is_heard()
    await until(lambda: pump.status.trouble is None)

    assert complaints(caplog) == []
    assert any("its owner has not made it yet" in record.getMessage() for record in caplog.records)
