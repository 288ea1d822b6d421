"""What must hold at rest; each check returns one sentence for every drift it finds."""

from datetime import datetime, timedelta

from sqlalchemy import String, cast, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.domain.delivery import PATIENCE
from services.notifications.models import Mail
from shared.contracts.notifications import MailStatus
from shared.kernel import clock
from shared.messaging.invariants import Invariant
from shared.messaging.tables import JobRow

OVERDUE = timedelta(minutes=10)
SHOWN = 20  # drifts told one by one; a broken rule seldom needs more to be seen


def _under_way() -> datetime:
    """Return since when the mails may still change; the constraints of the table hold for the older ones."""
    return clock.now() - PATIENCE - timedelta(days=1)


async def one_mail_for_each_step(session: AsyncSession) -> list[str]:
    step = (Mail.order_id, Mail.kind, Mail.transition, Mail.recipient_id)
    twice = select(*step).where(Mail.created_at >= _under_way()).group_by(*step).having(func.count() > 1).limit(SHOWN)
    return [
        f"order {order} told {recipient} of step {transition} more than once ({kind}): two mails have one key"
        for order, kind, transition, recipient in await session.execute(twice)
    ]


async def sent_mails_know_when(session: AsyncSession) -> list[str]:
    contradicts = (Mail.status == MailStatus.SENT) != Mail.sent_at.is_not(None)
    found = select(Mail.id, Mail.status).where(Mail.created_at >= _under_way(), contradicts).limit(SHOWN)
    return [f"mail {id_} is {status}, which its sent_at contradicts" for id_, status in await session.execute(found)]


async def queued_mails_have_a_job(session: AsyncSession) -> list[str]:
    key = func.concat(literal("SendMail:"), cast(Mail.id, String), literal(":"), cast(Mail.version, String))
    job = exists().where(JobRow.key == key, JobRow.failed_at.is_(None))
    overdue = Mail.queued_at < clock.now() - OVERDUE
    found = select(Mail.id).where(Mail.status == MailStatus.QUEUED, overdue, ~job).limit(SHOWN)
    return [
        f"mail {id_} waits and no job will send it: see the failed job SendMail:{id_} and retry it"
        for id_ in await session.scalars(found)
    ]


ALL: tuple[Invariant, ...] = (one_mail_for_each_step, sent_mails_know_when, queued_mails_have_a_job)
