"""The body of every service's migrations/env.py, and what a first migration adds by hand."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from alembic import context, op
from sqlalchemy import Connection, MetaData, insert, pool
from sqlalchemy.ext.asyncio import create_async_engine

from shared.contracts.actor import service_actor
from shared.contracts.base import Envelope, Event
from shared.database.columns import Choice
from shared.kernel import clock
from shared.kernel.ids import derived_id
from shared.messaging.tables import MessagingBase, OutboxRow
from shared.settings import ServiceSettings


def run(metadata: MetaData) -> None:
    """Migrate the service's tables together with those of its messaging.

    A caller inside a running program passes an open connection as the alembic config's `connection` attribute.
    """
    options: dict[str, Any] = {
        "target_metadata": [metadata, MessagingBase.metadata],
        "compare_type": True,
        "render_item": _render,
    }
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection, options)
    else:
        asyncio.run(_connect_and_migrate(ServiceSettings().database_url.get_secret_value(), options))


def _render(kind: str, item: Any, context: Any) -> str | bool:
    """Write a Choice as the text column it is, so that migrations need nothing of ours."""
    return "sa.String(length=32)" if kind == "type" and isinstance(item, Choice) else False


async def _connect_and_migrate(url: str, options: dict[str, Any]) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate, options)
    await engine.dispose()


def _migrate(connection: Connection, options: dict[str, Any]) -> None:
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()


def append_only(*tables: str) -> None:
    """Take UPDATE and DELETE on these tables from the role the service runs as.

    The running role is the owner's name without `_owner`; where there is no such role (a test database), nothing
    is to be taken.
    """
    for table in tables:
        op.execute(
            f"""DO $$ DECLARE runner text := regexp_replace(current_user, '_owner$', ''); BEGIN
            IF runner <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = runner) THEN
                EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', runner);
            END IF; END $$"""  # noqa: S608 - table names are written in migrations, never given by anyone
        )


def execute_all(statements: Iterable[str]) -> None:
    """Run raw statements, such as triggers, that autogenerate does not see."""
    for statement in statements:
        op.execute(statement)


def announce(event_type: str, aggregate_id: UUID, version: int, data: dict[str, Any]) -> None:
    """Put a fact that a migration makes true into the outbox, in its transaction; the relay publishes it.

    `data` is the event's JSON as it is written today: a migration is history and does not follow its contract.
    """
    producer = event_type.split(".")[0]
    event_id = derived_id("migration", event_type, str(aggregate_id), str(version))
    envelope = Envelope(
        id=event_id,
        type=event_type,
        occurred_at=clock.now(),
        producer=producer,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        correlation_id=str(event_id),
        causation_id=None,
        actor=service_actor(producer).ref(),
        data=data,
    )
    row = {
        "event_id": event_id,
        "subject": f"{Event.prefix}.{event_type}",
        "aggregate_id": aggregate_id,
        "aggregate_version": version,
        "body": envelope.model_dump_json().encode(),
    }
    op.get_bind().execute(insert(OutboxRow).values(row))
