"""Which failures are repeated for ever, and which are an event's own fault."""

import asyncpg
import nats.errors
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kernel.problems import NotFound, Unavailable
from shared.messaging.failures import is_contention, is_passing, sentence
from shared.messaging.tests.stage import Stage


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        PoolTimeout(),
        Unavailable(),
        nats.errors.NoRespondersError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 11"),
        asyncpg.TooManyConnectionsError(),
        OperationalError("SELECT 1", {}, OSError()),
    ],
)
def test_what_passes_by_itself(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize("error", [ValueError(), NotFound(), KeyError("x"), asyncpg.UniqueViolationError()])
def test_what_stays_wrong(error: Exception) -> None:
    assert not is_passing(error)


@pytest.mark.parametrize(
    ("statement", "passing", "contention"),
    [
        ("SELECT 1 / 0", False, False),
        ("SELECT * FROM nowhere", False, False),
        ("DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$", True, True),
        ("DO $$ BEGIN RAISE 'x' USING ERRCODE = '55P03'; END $$", True, True),
        ("DO $$ BEGIN RAISE 'x' USING ERRCODE = '23505'; END $$", False, False),
        ("SELECT pg_terminate_backend(pg_backend_pid())", True, False),
    ],
)
async def test_what_the_database_says(stage: Stage, statement: str, passing: bool, contention: bool) -> None:
    async with AsyncSession(stage.listener) as session:
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text(statement))

    assert is_passing(raised.value) is passing
    assert is_contention(raised.value) is contention


async def test_a_statement_that_takes_too_long_is_repeated(stage: Stage) -> None:
    async with AsyncSession(stage.listener) as session:
        await session.execute(text("SET LOCAL statement_timeout = 5"))
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT pg_sleep(1)"))

    assert is_passing(raised.value)


async def test_a_value_the_driver_cannot_write_stays_wrong(stage: Stage) -> None:
    async with AsyncSession(stage.listener) as session:
        with pytest.raises(DBAPIError) as raised:
            await session.execute(text("SELECT CAST(:n AS int)"), {"n": "many"})

    assert not is_passing(raised.value)


def test_a_sentence_is_one_line() -> None:
    assert sentence(ValueError("first\nsecond")) == "ValueError: first"
    assert sentence(ValueError()) == "ValueError"
