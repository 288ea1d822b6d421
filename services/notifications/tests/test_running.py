"""Mails worked off by the job runner itself, on committed rows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from services.notifications.handlers import jobs
from services.notifications.handlers.events import confirm_to_customer
from services.notifications.models import Mail
from services.notifications.tests.samples import an_order
from shared.contracts.notifications import MailStatus
from shared.contracts.orders.orders import OrderConfirmed
from shared.messaging.jobs import JobRunner
from shared.messaging.tables import JobRow, OutboxRow
from shared.messaging.work import UnitOfWork
from shared.testing import eventually


@pytest.fixture
async def sessions(database):
    sessions = async_sessionmaker(database, expire_on_commit=False)
    yield sessions
    async with sessions() as session:
        for table in (Mail, JobRow, OutboxRow):
            await session.execute(delete(table))
        await session.commit()


@asynccontextmanager
async def two_runners(sessions) -> AsyncIterator[None]:
    """Run two replicas' job runners side by side."""
    runners = [JobRunner("notifications", {jobs.SendMail: jobs.send_mail}, sessions, reads=sessions) for _ in range(2)]
    tasks = [asyncio.create_task(runner.run()) for runner in runners]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def queue(sessions, count):
    async with sessions() as session:
        work = UnitOfWork(session, "notifications")
        for _ in range(count):
            await confirm_to_customer(OrderConfirmed(order=an_order()), work)
        await session.commit()


async def test_every_mail_leaves_once_when_the_server_comes_back(shop, mail_server, sessions):
    await queue(sessions, 10)
    await mail_server.stop()

    async with two_runners(sessions):

        async def each_was_tried() -> None:
            async with sessions() as session:
                assert all(mail.attempts for mail in await session.scalars(select(Mail)))

        await eventually(each_was_tried)
        await mail_server.start()

        async def each_was_sent() -> None:
            async with sessions() as session:
                assert {mail.status for mail in await session.scalars(select(Mail))} == {MailStatus.SENT}

        await eventually(each_was_sent)

    async with sessions() as session:
        kept = list(await session.scalars(select(Mail)))
        assert sorted(mail_server.message_ids) == sorted(mail.message_id for mail in kept)
        assert len((await session.scalars(select(OutboxRow))).all()) == 10
        assert (await session.scalars(select(JobRow))).all() == []
