"""Questions to notifications."""

from services.notifications import repository
from services.notifications.models import Mail
from shared.contracts.notifications import ListMails, MailView
from shared.contracts.values import Page
from shared.database.pages import page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def list_mails(query: ListMails, work: Work) -> Page[MailView]:
    rows, following = await page(work.session, repository.mails(query), Mail, query.cursor, query.limit)
    return Page[MailView](items=[MailView.model_validate(row) for row in rows], next=following)
