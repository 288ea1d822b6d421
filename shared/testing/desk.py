"""A desk at which a service's handlers get their messages, as the hall and the pump hand them over."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.contracts.actor import VISITOR, Actor
from shared.contracts.base import Event, Request
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler, wants_ask
from shared.messaging.ready import is_ready
from shared.messaging.work import Origin, UnitOfWork
from shared.testing import answering

WorkAs = Callable[..., UnitOfWork]
"""Given an actor and the rest of an origin, a unit of work of theirs."""


class Desk:
    """Hands messages to handlers, each in a transaction of its own.

    `actor` is who asks where a call names nobody, `ask` stands in for other services. `emitted` is what all calls
    told together, `undo` what the last one wants undone after a refusal.
    """

    def __init__(self, work_as: WorkAs, actor: Actor = VISITOR, ask: Any = None) -> None:
        self.work_as, self.actor = work_as, actor
        self.ask = ask or answering()
        self.emitted: list[Event] = []
        self.undo: list[Request[Any]] = []

    async def __call__(self, handler: Handler, message: Any, actor: Actor | None = None, **origin: Any) -> Any:
        """Return the handler's answer, its transaction committed. Raises what it raises, its transaction undone."""
        work = self.work_as(actor or self.actor, **{"request_key": str(new_id())} | origin)
        try:
            reply = await self.handled(handler, message, work)
            await work.session.commit()
        finally:
            self.undo = work.undo
            await work.session.close()
        self.emitted.extend(work.emitted)
        # As its caller reads it, so that an answer that was written already is held to its contract.
        return type(message).reply_type().model_validate_json(reply.model_dump_json()) if is_ready(reply) else reply

    async def handled(self, handler: Handler, message: Any, work: UnitOfWork) -> Any:
        """Return the handler's answer, its transaction still open."""
        return await (handler(message, work, self.ask) if wants_ask(handler) else handler(message, work))


def each_committed(engine: AsyncEngine, service: str) -> WorkAs:
    """Return a maker of units of work that really commit, each on a connection of its own, so that they can meet."""
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def look() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(reading, expire_on_commit=False) as session:
            yield session

    def make(actor: Actor = VISITOR, **origin: Any) -> UnitOfWork:
        return UnitOfWork(AsyncSession(engine, expire_on_commit=False), service, Origin(actor=actor, **origin), look)

    return make
