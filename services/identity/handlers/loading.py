"""What proving a password needs first: that it is done here at all, and that earlier failures allow another try."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.identity import repository, settings
from services.identity.domain import throttle
from shared.contracts.identity import SignInElsewhere
from shared.messaging.work import UnitOfWork


def check_place() -> None:
    """Raise SignInElsewhere where another issuer stands in for us: a session of ours would open nothing."""
    if settings.current().jwks_url is not None:
        raise SignInElsewhere


async def check_pace(session: AsyncSession, email: str, client: str | None, at: datetime) -> None:
    """Raise SignInThrottled while earlier failures ask for a pause. One statement."""
    by_email, by_client = await repository.failures(session, email, client, at)
    throttle.check(by_email, by_client, at)


async def take_turn(work: UnitOfWork, email: str, client: str | None) -> None:
    """Wait for the other attempts at this address, then look again whether the pace allows this one."""
    await repository.queue_for(work.session, email)
    await check_pace(work.session, email, client, work.as_of)
