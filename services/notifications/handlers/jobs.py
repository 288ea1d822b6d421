"""What notifications does outside: mails handed to the mail server, and agents asked for who were not told of yet."""

import logging
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.notifications import repository, settings
from services.notifications.adapters import smtp
from services.notifications.domain.delivery import Outcome, advance, next_try, reached
from services.notifications.domain.letters import Letter, Recipient, placement_for_agent
from services.notifications.models import Mail
from services.notifications.templates.rendering import render
from shared.contracts.agents.agents import GetSeller
from shared.contracts.notifications import MailFailed, MailNotFound, MailSent, MailStatus, MailView
from shared.contracts.orders.orders import OrderSnapshot
from shared.contracts.values import Email
from shared.database.rows import lock
from shared.kernel import clock
from shared.messaging.handler import handler
from shared.messaging.rpc import Ask
from shared.messaging.work import Job, UnitOfWork, Work

ADDRESS: TypeAdapter[str] = TypeAdapter(Email)
THREE_DAYS = 300  # attempts: the job runner's waits grow to a quarter of an hour
log = logging.getLogger(__name__)


class SendMail(Job):
    """Hand a mail to the mail server. Each attempt is a job of its own, so that the mail remembers every one."""

    mail_id: UUID


class TellAgent(Job, give_up_after=THREE_DAYS):
    """Tell the agent of a sale of it, once agents has said where they read mail."""

    order: OrderSnapshot


@handler
async def send_mail(job: SendMail, work: Work) -> None:
    async with work.look() as session:
        waiting = await repository.queued_mail(session, job.mail_id)
    if waiting is None:
        return
    outcome = await smtp.hand_over(waiting, settings.current())
    mail = await lock(work.session, Mail, job.mail_id, MailNotFound())
    if mail.status is MailStatus.QUEUED:
        await record_attempt(work, mail, outcome)


@handler
async def tell_agent(job: TellAgent, work: Work, ask: Ask) -> None:
    assert job.order.agent_id is not None
    agent = (await ask(GetSeller(id=job.order.agent_id))).agent
    await repository.keep_agent(work.session, agent)
    await post(work, placement_for_agent(job.order, Recipient(agent.id, agent.name, agent.email, agent.locale)))


async def give_up(job: SendMail, work: UnitOfWork) -> None:
    """Record that an attempt itself failed for good, which no answer of a mail server can bring about."""
    mail = await lock(work.session, Mail, job.mail_id, MailNotFound())
    if mail.status is MailStatus.QUEUED:
        reason = "The attempts failed on our side; the service's log says why. Mend it, then send the mail again."
        await record_attempt(work, mail, Outcome(reason, final=True))


async def post(work: UnitOfWork, letter: Letter) -> None:
    """Put a letter into words, keep it and leave it to be sent; the same letter again changes nothing.

    What is kept is what leaves: the words are those of the moment it happened, and every attempt carries the same
    ones under one Message-ID, whatever becomes of templates and settings meanwhile.
    """
    shop = settings.current()
    if letter.kind in shop.mails_off:
        return
    try:
        address = ADDRESS.validate_python(letter.to.address)
    except ValidationError:
        log.warning("order %s: %s has no address to send %s to", letter.order.id, letter.to.id, letter.kind)
        return
    words, now = render(letter, shop), clock.now()
    mail = Mail(
        id=letter.id,
        kind=letter.kind,
        order_id=letter.order.id,
        transition=letter.transition,
        recipient_id=letter.to.id,
        to=address,
        locale=letter.to.locale,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=smtp.message_id(letter.id, shop.mail_from),
        status=MailStatus.QUEUED,
        attempts=0,
        created_at=now,
        queued_at=now,
        version=1,
    )
    if await repository.add_mail(work.session, mail):
        await schedule_attempt(work, mail)


async def schedule_attempt(work: UnitOfWork, mail: Mail) -> None:
    """Leave the next attempt to be made; its key names the mail as it now is, so that it is made once."""
    now = clock.now()
    due = next_try(mail.queued_at, now) if mail.error else now
    await work.schedule(SendMail(mail_id=mail.id), key=f"{mail.id}:{mail.version}", run_after=due)


async def record_attempt(work: UnitOfWork, mail: Mail, outcome: Outcome) -> None:
    """Record on a locked mail what an attempt led to: sent, given up, or to be tried again."""
    now = clock.now()
    mail.attempts += 1
    mail.error = outcome.error
    to = reached(outcome, mail.queued_at, now)
    if to is MailStatus.QUEUED:
        await schedule_attempt(work, mail)
        return
    mail.status = advance(mail.status, to)
    if to is MailStatus.SENT:
        mail.sent_at = now
        work.emit(MailSent(mail=MailView.model_validate(mail)))
    else:
        work.emit(MailFailed(mail=MailView.model_validate(mail)))
