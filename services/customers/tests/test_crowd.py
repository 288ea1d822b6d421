"""What holds when two do it at once, each on a connection of their own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from services.customers.handlers.commands import change_customer, register_customer
from services.customers.models import Customer
from services.customers.tests.conftest import CLERK
from shared.contracts.customers.customers import ChangeCustomer, CustomerView, RegisterCustomer
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed
from shared.messaging.work import Origin, UnitOfWork
from shared.testing import answering, eventually
from shared.testing.fixtures import migrated


@pytest.fixture(scope="module")
async def crowded(postgres: Any) -> AsyncIterator[AsyncEngine]:
    """Yield an engine on a database of its own, since what is committed here is not rolled back."""
    async with migrated(postgres, "customers", "customers_crowd", 5) as engine:
        yield engine


def at_work(session: AsyncSession) -> UnitOfWork:
    return UnitOfWork(session, "customers", Origin(actor=CLERK, request_key=str(new_id())))


async def register(session: AsyncSession, email: str) -> CustomerView:
    async with session.begin():
        return await register_customer(RegisterCustomer(email=email, name="Ana"), at_work(session), answering())


async def someone_waits(engine: AsyncEngine) -> None:
    async with engine.connect() as watching:
        assert await watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def test_two_registrations_of_one_address_at_once_make_one_customer(crowded: AsyncEngine) -> None:
    async with AsyncSession(crowded) as one, AsyncSession(crowded) as other:
        async with one.begin():
            command = RegisterCustomer(email="ana@example.com", name="Ana")
            await register_customer(command, at_work(one), answering())
            await one.flush()
            second = asyncio.create_task(register(other, "Ana@Example.com"))
            await eventually(lambda: someone_waits(crowded))

        with pytest.raises(IntegrityError, match="uq_customers_email"):  # the hall tries again and finds it taken
            await second
        assert await one.scalar(select(func.count()).where(Customer.email == "ana@example.com")) == 1


async def test_of_two_edits_at_once_the_second_is_told_to_read_again(crowded: AsyncEngine) -> None:
    async with AsyncSession(crowded) as session:
        known = await register(session, "bob@example.com")

    async def edit(name: str) -> CustomerView:
        async with AsyncSession(crowded) as session, session.begin():
            return await change_customer(ChangeCustomer(id=known.id, expected_version=1, name=name), at_work(session))

    outcomes = await asyncio.gather(*(edit(name) for name in ("B", "C", "D")), return_exceptions=True)

    assert sum(isinstance(outcome, CustomerView) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, PreconditionFailed) for outcome in outcomes) == 2
