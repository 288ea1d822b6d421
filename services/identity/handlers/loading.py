"""What proving a password needs first: whether the pace of earlier failures allows another try."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.identity import repository
from services.identity.domain import throttle
from shared.messaging.work import UnitOfWork


async def check_pace(session: AsyncSession, email: str, client: str | None, at: datetime) -> None:
    """Raise SignInThrottled while earlier failures ask for a pause. One statement."""
    by_email, by_client = await repository.failures(session, email, client, at)
    throttle.check(by_email, by_client, at)


async def take_turn(work: UnitOfWork, email: str, client: str | None) -> None:
    """Wait for the other attempts at this address, then look again whether the pace allows this one."""
    await repository.queue_for(work.session, email)
    await check_pace(work.session, email, client, work.as_of)
