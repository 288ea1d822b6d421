"""What the tests of identity stand on: a desk at which requests are carried out as the hall does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.identity.handlers.commands.accounts import create_account
from services.identity.handlers.commands.sessions import sign_in
from services.identity.settings import Settings, use
from shared.contracts.actor import VISITOR, Actor, ActorType, Permission
from shared.contracts.base import Event
from shared.contracts.identity import AccountView, CreateAccount, Role, SignIn, TokenPair
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler
from shared.messaging.work import Refusal
from shared.testing import staff
from shared.testing.desk import WorkAs, each_committed
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import emptied

ADMIN = staff(Permission.ACCOUNTS_READ, Permission.ACCOUNTS_WRITE)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "seven blue bicycles"


class Desk:
    """Hands messages to handlers as the hall does, each in a transaction of its own, at noon unless told otherwise."""

    def __init__(self, work_as: WorkAs) -> None:
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
def desk(work_as: WorkAs) -> Desk:
    return Desk(work_as)


@pytest.fixture
async def counter(database: AsyncEngine, postgres: Any) -> AsyncIterator[Desk]:
    """A desk for many at once: connections and commits of their own, and a clean room afterwards."""
    yield Desk(each_committed(database, "identity"))
    await emptied(postgres, "identity", "accounts", "sign_in_attempts", "signing_keys", "sign_in_events", "outbox")
