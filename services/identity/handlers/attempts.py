"""Attempts to prove a password: how soon one may try again, and what a failure leaves behind."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.identity import repository
from services.identity.domain import throttle
from services.identity.handlers.recording import record
from services.identity.models import Account, Outcome, SignInAttempt
from shared.kernel.ids import new_id
from shared.messaging.work import UnitOfWork


async def check_pace(session: AsyncSession, email: str, client: str | None, at: datetime) -> None:
    """Raise SignInThrottled while earlier failures ask for a pause. One statement."""
    by_email, by_client = await repository.failures(session, email, client, at)
    throttle.check(by_email, by_client, at)


async def take_turn(work: UnitOfWork, email: str, client: str | None) -> None:
    """Wait for the other attempts at this address, then look again whether the pace allows this one."""
    await repository.queue_for(work.session, email)
    await check_pace(work.session, email, client, work.as_of)


def record_failure(work: UnitOfWork, outcome: Outcome, email: str, account: Account | None, client: str | None) -> None:
    """Count a failure, whether the address has an account or not, and write it down."""
    work.session.add(SignInAttempt(id=new_id(), email=email, client_address=client, at=work.as_of))
    record(work, outcome, account, email=email, client=client)
