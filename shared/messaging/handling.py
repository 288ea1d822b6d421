"""Calling one handler with one event, inside a transaction that somebody else commits."""

import logging
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import telemetry
from shared.messaging.handler import Handler, handler_name
from shared.messaging.hearing import Heard
from shared.messaging.work import UnitOfWork

log = logging.getLogger(__name__)
# Deferred constraints would speak up at COMMIT only, when nobody can tell any more whose fault it is.
CHECK_NOW = text("SET CONSTRAINTS ALL IMMEDIATE")
CHECK_LATER = text("SET CONSTRAINTS ALL DEFERRED")


async def handle(session: AsyncSession, service: str, function: Handler, heard: Heard) -> UnitOfWork:
    """Let a handler do its work, written to the database though not committed. Raises whatever is wrong with it."""
    origin = heard.origin
    with (
        telemetry.story(
            correlation_id=origin.correlation_id, causation_id=origin.causation_id, contract=type(heard.event).__name__
        ),
        telemetry.span(handler_name(function), "consumer", origin.traceparent) as span,
    ):
        work = UnitOfWork(session, service, replace(origin, traceparent=span.traceparent))
        await function(heard.event, work)
        if session.new or session.dirty or session.deleted:
            await session.flush()
        log.info("%s: heard", handler_name(function))
    return work


async def handle_alone(session: AsyncSession, service: str, function: Handler, heard: Heard) -> UnitOfWork:
    """Let a handler do its work in a savepoint, so that its failure undoes nothing else."""
    async with session.begin_nested():
        work = await handle(session, service, function, heard)
        await session.execute(CHECK_NOW)
        await session.execute(CHECK_LATER)
    return work
