"""Changes others ask of notifications."""

from services.notifications.domain.delivery import advance
from services.notifications.handlers.jobs import schedule_attempt
from services.notifications.models import Mail
from shared.contracts.notifications import MailNotFound, MailStatus, MailView, ResendMail
from shared.database.rows import lock
from shared.kernel import clock
from shared.messaging.handler import handler
from shared.messaging.tables import OperatorAct
from shared.messaging.work import Work


@handler
async def resend_mail(command: ResendMail, work: Work) -> MailView:
    mail = await lock(work.session, Mail, command.id, MailNotFound())
    mail.status = advance(mail.status, MailStatus.QUEUED)
    mail.queued_at, mail.error = clock.now(), None
    work.session.add(
        OperatorAct(
            act="resend_mail",
            subject=str(mail.id),
            reason=command.reason,
            actor=work.actor.ref().model_dump(mode="json"),
        )
    )
    await schedule_attempt(work, mail)
    return MailView.model_validate(mail)
