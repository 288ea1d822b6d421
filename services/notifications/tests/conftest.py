"""What the tests of notifications stand on: a real mail server, and a desk that hands messages to handlers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import undefer

from services.notifications import settings
from services.notifications.handlers.events import confirm_to_customer
from services.notifications.handlers.jobs import SendMail, send_mail
from services.notifications.models import Mail
from services.notifications.settings import Settings
from services.notifications.tests.mailserver import MailServer
from services.notifications.tests.samples import a_shop, an_order
from shared.contracts.agents.agents import AgentNotFound
from shared.contracts.orders.orders import OrderConfirmed
from shared.messaging.handler import Handler
from shared.messaging.tables import JobRow
from shared.testing import answering, staff
from shared.testing.desk import Desk as PlainDesk
from shared.testing.desk import WorkAs
from shared.testing.fixtures import *  # noqa: F403
from shared.testing.fixtures import session_on

OPERATOR = staff()


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def shop(mail_server: MailServer) -> Iterator[Settings]:
    before = settings.in_force.settings
    shop = a_shop(smtp_url=mail_server.url)
    settings.use(shop)
    yield shop
    settings.in_force.settings = before


class Desk(PlainDesk):
    """A desk at which jobs are done, too."""

    def __init__(self, work_as: WorkAs, connection: AsyncConnection) -> None:
        super().__init__(work_as, OPERATOR, answering(GetSeller=AgentNotFound()))
        self.connection = connection

    async def dies_in(self, handler: Handler, message: Any) -> None:
        """Run a handler that leaves nothing behind, as a killed process does."""
        work = self.work_as(self.actor)
        await self.handled(handler, message, work)
        await work.session.close()

    async def deliver(self) -> None:
        """Do the attempt that is due for each queued mail, whenever it is due, and forget its job."""
        for row in await self.jobs():
            if row.kind == "SendMail":
                await self(send_mail, SendMail.model_validate(row.payload))
                async with session_on(self.connection) as session:
                    await session.delete(await session.get_one(JobRow, row.id))
                    await session.commit()

    async def mails(self) -> list[Mail]:
        async with session_on(self.connection) as session:
            words = undefer(Mail.text), undefer(Mail.html)
            return list(await session.scalars(select(Mail).options(*words).order_by(Mail.kind)))

    async def mail(self) -> Mail:
        (only,) = await self.mails()
        return only

    async def jobs(self) -> list[JobRow]:
        async with session_on(self.connection) as session:
            return list(await session.scalars(select(JobRow).order_by(JobRow.id)))


@pytest.fixture
def desk(shop: Settings, work_as: WorkAs, connection: AsyncConnection) -> Desk:
    return Desk(work_as, connection)


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    async with session_on(connection) as opened:
        yield opened


@pytest.fixture
def placed(desk: Desk) -> Callable[..., Awaitable[Mail]]:
    async def place(**changes: Any) -> Mail:
        await desk(confirm_to_customer, OrderConfirmed(order=an_order(**changes)))
        return await desk.mail()

    return place
