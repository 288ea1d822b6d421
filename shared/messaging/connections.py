"""Connections of the bus to PostgreSQL: every wait bounded, every statement counted and traced."""

import time
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared import telemetry
from shared.messaging import metrics

CONNECT_SECONDS = 3.0
# Longer than the server's own statement_timeout: this one is for a server that does not answer at all.
COMMAND_SECONDS = 6.0


def plain_dsn(url: str) -> str:
    """Return a SQLAlchemy URL as asyncpg reads it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def connect(url: str, name: str) -> Any:
    """Open a bare asyncpg connection; `name` is what pg_stat_activity shows. Its statements are counted."""
    connection = await asyncpg.connect(
        plain_dsn(url),
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings={"application_name": name},
    )
    connection.add_query_logger(metrics.count_logged)
    return connection


def bus_engine(url: str, name: str, kept: int) -> AsyncEngine:
    """Return an engine for pumps and jobs. `kept`: connections that may stay open: one per pump, and some for jobs."""
    engine = create_async_engine(
        url,
        pool_size=kept,
        max_overflow=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": COMMAND_SECONDS,
            "server_settings": {"application_name": name},
        },
    )
    watch_statements(engine)
    return engine


def watch_statements(engine: AsyncEngine) -> None:
    """Count every statement of an engine, and make a span of each where this process makes traces."""
    _count(engine)
    if telemetry.traces_enabled():
        _trace(engine)


def _count(engine: AsyncEngine) -> None:
    """Count under `courtier_sql_statements_total{scope}`, transaction control apart."""

    def counted(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        metrics.count(statement)

    def controlled(connection: Any) -> None:
        metrics.sql_transactions.labels(metrics.scope.get()).inc()

    event.listen(engine.sync_engine, "before_cursor_execute", counted)
    for name in ("begin", "commit", "rollback"):
        event.listen(engine.sync_engine, name, controlled)


def _trace(engine: AsyncEngine) -> None:
    def begun(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if context is not None:
            context.begun = time.time_ns()

    def ended(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if context is not None:
            telemetry.record_statement(statement, context.begun)

    def failed(failure: Any) -> None:
        at = getattr(failure.execution_context, "begun", None)
        if at is not None and failure.statement:
            state = getattr(failure.original_exception, "sqlstate", None) or type(failure.original_exception).__name__
            telemetry.record_statement(failure.statement, at, state)

    event.listen(engine.sync_engine, "before_cursor_execute", begun)
    event.listen(engine.sync_engine, "after_cursor_execute", ended)
    event.listen(engine.sync_engine, "handle_error", failed)
