"""What a span tells: where time went and that something failed, never a value."""

from collections.abc import AsyncIterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from devstack.postgres import Postgres
from shared import telemetry
from shared.messaging.connections import bus_engine

MAIL = "lucie@epicerie.example"
INSERT = text("INSERT INTO people (mail) VALUES (:mail)")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_provider", provider)
    return exporter


@pytest.fixture
async def people(postgres: Postgres, kept: InMemorySpanExporter) -> AsyncIterator[AsyncConnection]:
    """Yield a connection to a table in which one address has its place."""
    await postgres.provision(["traced"])
    engine = bus_engine(postgres.url("traced_owner"), "traces", 1)
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TEMPORARY TABLE people (mail text UNIQUE)"))
        await connection.execute(INSERT, {"mail": MAIL})
        yield connection
    await engine.dispose()


def told(span: ReadableSpan) -> tuple[str, bool, dict[str, object]]:
    return span.name, span.status.is_ok or span.status.is_unset, dict(span.attributes or {})


async def test_a_statement_hangs_below_what_is_under_way(people: AsyncConnection, kept: InMemorySpanExporter) -> None:
    with telemetry.span("Work", "server"):
        await people.execute(text("SELECT mail FROM people WHERE mail = :mail"), {"mail": MAIL})

    statement, work = kept.get_finished_spans()
    query = {"db.system.name": "postgresql", "db.query.text": "SELECT mail FROM people WHERE mail = $1"}
    assert told(statement) == ("SELECT people", True, query)
    assert (statement.parent and statement.parent.span_id) == work.context.span_id


async def test_a_statement_below_nothing_is_no_trace(people: AsyncConnection, kept: InMemorySpanExporter) -> None:
    await people.execute(text("SELECT mail FROM people"))

    assert kept.get_finished_spans() == ()


async def test_a_failure_is_told_without_the_value_that_failed(
    people: AsyncConnection, kept: InMemorySpanExporter
) -> None:
    async def take() -> None:
        try:
            await people.execute(INSERT, {"mail": MAIL})
        except IntegrityError as error:
            raise ValueError(f"{MAIL} is taken") from error

    with pytest.raises(ValueError, match=MAIL), telemetry.span("Work", "server"):
        await take()

    statement, work = kept.get_finished_spans()
    assert told(statement)[:2] == ("INSERT people", False)
    assert (statement.attributes or {})["error.type"] == "23505"
    assert told(work) == ("Work", False, {"error.type": "ValueError"})
    assert MAIL not in "".join(span.to_json() for span in (statement, work))
