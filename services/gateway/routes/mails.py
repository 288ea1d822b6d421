"""/v1/mails: the delivery log."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.notifications import ListMails, MailNotFailed, MailNotFound, ResendMail

router = resource("/mails", "mails")


@router.get("")
async def list_mails(request: Request, query: Asked[ListMails], ask: Ask) -> Response:
    """List mails."""
    return listed(await ask.forward(query), request)


@router.post("/{id}/resending", responses=refusing(MailNotFound, MailNotFailed))
async def resend_mail(command: Sent[ResendMail], ask: Ask) -> Response:
    """Try again to send a mail that was given up."""
    return shown(await ask.forward(command))
