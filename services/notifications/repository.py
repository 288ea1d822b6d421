"""Every query of notifications, as functions of a session."""

from uuid import UUID

from sqlalchemy import Select, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from services.notifications.models import KnownAgent, Mail
from shared.contracts.agents.agents import AgentSnapshot
from shared.contracts.notifications import ListMails, MailStatus
from shared.database.projections import keep

# Written once: a statement put together anew for every mail costs more than it takes to run.
KEEP_MAIL = insert(Mail).on_conflict_do_nothing().returning(Mail.id)
FIELDS = tuple(attribute.key for attribute in inspect(Mail).column_attrs)


async def add_mail(session: AsyncSession, mail: Mail) -> bool:
    """Keep a mail, and tell whether it is new: a second of the same step to the same recipient changes nothing."""
    values = {name: getattr(mail, name) for name in FIELDS}
    return await session.scalar(KEEP_MAIL, values) is not None


async def queued_mail(session: AsyncSession, id_: UUID) -> Mail | None:
    """Return a mail that waits to be sent, with its words; none when it was sent or given up meanwhile."""
    waiting = select(Mail).where(Mail.id == id_, Mail.status == MailStatus.QUEUED)
    return await session.scalar(waiting.options(undefer(Mail.text), undefer(Mail.html)))


def mails(query: ListMails) -> Select[Mail]:
    """Return the statement for the mails a list asks for."""
    wanted = {Mail.order_id: query.order_id, Mail.to: query.to, Mail.status: query.status}
    return select(Mail).where(*(column == value for column, value in wanted.items() if value is not None))


async def known_agent(session: AsyncSession, id_: UUID) -> KnownAgent | None:
    """Return where an agent reads mail, if it was told or asked before."""
    return await session.get(KnownAgent, id_)


async def keep_agent(session: AsyncSession, agent: AgentSnapshot) -> None:
    """Keep where an agent reads mail; older news changes nothing."""
    await keep(session, KnownAgent, agent)
