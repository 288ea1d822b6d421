"""The hall every request passes: who asks, seen before?, one transaction, the answer or a problem.

It keeps these promises: a repeat changes nothing and gets the same answer; the transaction is committed before the
reply leaves; a request that fails is answered at once; who may ask is checked here, whose it is by the handler.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
from nats.aio.client import Client
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from shared.contracts.actor import Actor, ActorType, service_actor, service_permission
from shared.contracts.base import ANY_SERVICE, Command, Query, Request
from shared.kernel import clock
from shared.kernel.problems import (
    Conflict,
    Forbidden,
    IdempotencyKeyRequired,
    IdempotencyMismatch,
    InternalError,
    Problem,
    Unauthorized,
    Unavailable,
)
from shared.messaging import inbox
from shared.messaging.callers import Callers
from shared.messaging.failures import is_passing
from shared.messaging.handler import Handler, wants_ask
from shared.messaging.hot import Reads
from shared.messaging.inbox import Ticket
from shared.messaging.ready import written
from shared.messaging.rpc import RpcClient
from shared.messaging.wire import SERVICE, malformed, read_origin
from shared.messaging.work import Origin, Refusal, UnitOfWork

ATTEMPTS = 3
DATABASE_TROUBLE = (DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
UNIQUE_VIOLATION = "23505"  # PostgreSQL
FOREIGN_KEY_VIOLATION = "23503"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets: the reply's bytes, or a problem."""

    body: bytes = b""
    problem: Problem | None = None
    replayed: bool = False


@dataclass
class Hall:
    """One service's hall. `emitted` is called after a transaction that left events."""

    service: str
    nc: Client
    sessions: async_sessionmaker[AsyncSession]
    reads: async_sessionmaker[AsyncSession]
    callers: Callers
    emitted: Callable[[], None]
    driver: Reads | None = None

    async def receive(
        self, contract: type[Request[Any]], function: Handler, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """Answer one request. Never raises: whatever happens becomes a problem."""
        try:
            return await self._answer(contract, function, body, headers)
        except Problem as problem:
            return Answer(problem=problem)
        except Exception:
            log.exception("%s failed", contract.__name__)
            return Answer(problem=InternalError())

    async def _answer(
        self, contract: type[Request[Any]], function: Handler, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        origin = read_origin(headers)
        if origin.deadline and origin.deadline < clock.now():
            raise Unavailable("Nobody waits for this answer any more; send the request again.")
        try:
            message = contract.model_validate_json(body)
        except ValidationError as error:
            raise malformed(error) from None
        actor = await self._caller(contract, origin.token, headers.get(SERVICE))
        origin = replace(origin, actor=actor)
        if issubclass(contract, Query):
            return await self._read(message, function, origin)
        ticket = self._ticket(message, origin)
        origin = replace(origin, digest=ticket.digest) if ticket else origin
        return await self._change(message, function, origin, ticket)

    async def _caller(self, contract: type[Request[Any]], token: str | None, service: str | None) -> Actor:
        """Return who asks. Raises Unauthorized or Forbidden when none of their permissions is wanted.

        `service`: which one says that it asks of its own accord. Without a token and without that it is a visitor.
        """
        if token is None and service and contract.allow & {service_permission(one) for one in (service, ANY_SERVICE)}:
            # Believed, since only the services in `asked_by` can publish here (NATS permissions).
            return service_actor(service)
        actor = await self.callers.actor(token)
        if any(actor.may(permission) for permission in contract.allow):
            return actor
        if actor.type is ActorType.VISITOR:
            raise Unauthorized
        wanted = " or ".join(sorted(contract.allow))
        raise Forbidden(f"Your roles do not include {wanted}; ask an administrator for it.", permission=wanted)

    def _ticket(self, message: Request[Any], origin: Origin) -> Ticket | None:
        if not (isinstance(message, Command) and message.keyed):
            return None
        if not origin.request_key:
            raise IdempotencyKeyRequired
        # Without what was left at its default: a field that a later version adds must not make an old request another.
        said = message.model_dump_json(exclude_defaults=True).encode()
        return Ticket.of(origin.actor.key, message.subject, origin.request_key, said)

    async def _read(self, message: Request[Any], function: Handler, origin: Origin) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            work = self._work(self.reads, origin)
            try:
                return Answer(body=written(await self._call(function, message, work)))
            except DATABASE_TROUBLE as error:
                if attempt == ATTEMPTS or not is_passing(error):
                    raise self._explained(error) from error
            finally:
                await work.close()
        raise Unavailable

    async def _change(self, message: Request[Any], function: Handler, origin: Origin, ticket: Ticket | None) -> Answer:
        undo: list[Request[Any]] = []
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if ticket and (seen := await self._recall(ticket)) is not None:
                    return Answer(body=seen, replayed=True)
                return await self._transaction(message, function, origin, ticket, undo)
            except IdempotencyMismatch:
                raise  # the key's first request stands, and so must what it holds
            except Problem:
                await self._undo(origin, undo)
                raise
            except Exception as error:
                if attempt == ATTEMPTS or not (_is_taken(error) or _is_gone(error) or is_passing(error)):
                    raise await self._given_up(error, origin, undo) from error
        raise Unavailable

    async def _given_up(self, error: Exception, origin: Origin, undo: list[Request[Any]]) -> Exception:
        """Return what the caller should hear of a transaction that failed for the last time."""
        if is_passing(error):
            # Whether a lost commit happened is not known, so nothing is undone: what was asked for may stand.
            return self._explained(error)
        await self._undo(origin, undo)
        if not _is_taken(error):
            return error
        log.exception("%s let a value through that is already taken", self.service)
        return Conflict("Something of this name or number exists already; choose another.")

    async def _transaction(
        self,
        message: Request[Any],
        function: Handler,
        origin: Origin,
        ticket: Ticket | None,
        undo: list[Request[Any]],
    ) -> Answer:
        async with self.sessions() as session:
            work = self._work(session, origin)
            work.undo = undo
            try:
                reply = written(await self._call(function, message, work))
                if ticket:
                    await inbox.remember(session, ticket, reply)
                await session.commit()
            except Refusal as refusal:
                await session.commit()
                self._left(work)
                raise refusal.problem from None
            except (Problem, IntegrityError):
                await session.rollback()
                if ticket and (seen := await self._recall(ticket)) is not None:
                    return Answer(body=seen, replayed=True)
                raise
        self._left(work)
        return Answer(body=reply)

    def _left(self, work: UnitOfWork) -> None:
        if work.emitted:
            self.emitted()

    async def _recall(self, ticket: Ticket) -> bytes | None:
        async with self.reads() as session:
            return await inbox.recall(session, ticket)

    async def _undo(self, origin: Origin, undo: list[Request[Any]]) -> None:
        ask = RpcClient(self.nc, origin)
        for request in undo:
            try:
                await ask(request)
            except Problem as problem:
                log.warning("%s was not undone: %s; its owner's sweeper will", type(request).__name__, problem)

    def _work(self, session: AsyncSession | Callable[[], AsyncSession], origin: Origin) -> UnitOfWork:
        return UnitOfWork(session, self.service, origin, self.reads, self.driver)

    async def _call(self, function: Handler, message: Request[Any], work: UnitOfWork) -> BaseModel:
        if wants_ask(function):
            reply = await function(message, work, RpcClient(self.nc, work.origin, work.in_transaction))
        else:
            reply = await function(message, work)
        assert isinstance(reply, BaseModel)
        return reply

    def _explained(self, error: Exception) -> Exception:
        """Return what the caller should hear of a database error: our bug, or a moment's trouble."""
        if not is_passing(error):
            return error
        log.warning("%s cannot use its database: %r", self.service, error)
        return Unavailable("The service cannot use its database right now; try again in a moment.")


def _is_taken(error: Exception) -> bool:
    """Tell whether somebody else was first with a unique value: another attempt sees their row and says so properly."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION


def _is_gone(error: Exception) -> bool:
    """Tell whether a row referred to was deleted meanwhile: another attempt misses it and says so properly."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == FOREIGN_KEY_VIOLATION
