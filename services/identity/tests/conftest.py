"""What the tests of identity stand on: a desk at which requests are carried out as the hall does."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, NullPool, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from services.identity.handlers.commands.accounts import create_account
from services.identity.handlers.commands.sessions import sign_in
from services.identity.settings import Settings, use
from shared.contracts.actor import VISITOR, Actor, ActorType, Permission
from shared.contracts.base import Event
from shared.contracts.identity import AccountView, CreateAccount, Role, SignIn, TokenPair
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler
from shared.messaging.work import Origin, Refusal, UnitOfWork
from shared.testing import staff
from shared.testing.fixtures import *  # noqa: F403

ADMIN = staff(Permission.ACCOUNTS_READ, Permission.ACCOUNTS_WRITE)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "seven blue bicycles"


class Desk:
    """Hands messages to handlers as the hall does, each in a transaction of its own, at noon unless told otherwise."""

    def __init__(self, work_as: Callable[..., UnitOfWork]) -> None:
        self.work_as = work_as
        self.emitted: list[Event] = []

    async def __call__(self, handler: Handler, message: Any, actor: Actor = VISITOR, at: datetime = NOON) -> Any:
        for attempt in range(3):
            work = self.work_as(actor, as_of=at, request_key=str(new_id()))
            try:
                reply = await handler(message, work)
                await work.session.commit()
                self.emitted.extend(work.emitted)
                return reply
            except Refusal as refusal:
                await work.session.commit()
                raise refusal.problem from None
            except IntegrityError:
                if attempt == 2:
                    raise
            finally:
                await work.session.close()
        raise AssertionError

    async def account(self, email: str = "nora@shop.example", **changes: Any) -> AccountView:
        wanted = {"type": ActorType.STAFF, "email": email, "name": "Nora", "password": PASSWORD, "roles": [Role.ADMIN]}
        return await self(create_account, CreateAccount(**wanted | changes), ADMIN)

    async def sign_in(
        self, email: str = "nora@shop.example", password: str = PASSWORD, at: datetime = NOON, client: str | None = None
    ) -> TokenPair:
        return await self(sign_in, SignIn(email=email, password=password, client_address=client), at=at)


@pytest.fixture(autouse=True)
def settings() -> Settings:
    """Make these the settings of identity; a test may `use` others."""
    made = Settings(
        database_url=SecretStr("postgresql+asyncpg://nobody@127.0.0.1/none"),
        signing_key_secret=SecretStr("a secret of this test only"),
        bootstrap_secret=SecretStr("let me be the first"),
    )
    use(made)
    return made


@pytest.fixture
def desk(work_as: Callable[..., UnitOfWork]) -> Desk:
    return Desk(work_as)


@pytest.fixture
async def counter(database: AsyncEngine, postgres: Any) -> AsyncIterator[Desk]:
    """A desk for many at once: connections and commits of their own, and a clean room afterwards."""

    @asynccontextmanager
    async def look() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(database) as reading:
            yield reading

    def work_as(actor: Actor = VISITOR, **origin: Any) -> UnitOfWork:
        session = AsyncSession(database, expire_on_commit=False)
        return UnitOfWork(session, "identity", Origin(actor=actor, **origin), look)

    yield Desk(work_as)
    owner = create_async_engine(postgres.url("identity_owner"), poolclass=NullPool)
    async with owner.begin() as cleaning:
        await cleaning.execute(
            text("TRUNCATE accounts, sign_in_attempts, signing_keys, sign_in_events, outbox CASCADE")
        )
    await owner.dispose()


@pytest.fixture
def statements(connection: AsyncConnection) -> Iterator[list[str]]:
    """The SQL of this test, as it is sent; savepoints apart."""
    sent: list[str] = []

    def note(_: Connection, __: Any, statement: str, *___: Any) -> None:
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection.sync_connection, "before_cursor_execute", note)
