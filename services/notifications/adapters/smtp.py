"""The way out of the house, for jobs alone: one mail handed to the mail server, and what it said."""

import asyncio
import ipaddress
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPNotSupported, SMTPRecipientsRefused

from services.notifications.domain.delivery import Outcome
from services.notifications.models import Mail
from services.notifications.settings import Settings
from services.notifications.templates.rendering import one_line

COMMAND_TIMEOUT = 10.0  # seconds the server has for one answer
ATTEMPT_TIMEOUT = 25.0  # seconds for the whole attempt, well below the time a job is leased for
FAREWELL_TIMEOUT = 1.0
ERROR_LENGTH = 500


def message_id(mail_id: UUID, mail_from: str) -> str:
    """Return the Message-ID of a mail: the same at every attempt, so that a repeat is known as one."""
    return f"<{mail_id}@{_ascii_domain(mail_from).rpartition('@')[2]}>"


def compose(mail: Mail, shop: Settings) -> EmailMessage:
    """Return a mail as it travels, the same at every attempt.

    Raises ValueError or email.errors.MessageError for an address or a header that no mail can have.
    """
    message = EmailMessage()
    message["Message-ID"] = mail.message_id
    message["Date"] = mail.created_at
    message["From"] = Address(one_line(shop.shop_name), addr_spec=_ascii_domain(shop.mail_from))
    message["To"] = recipient = _ascii_domain(mail.to)
    message["Subject"] = mail.subject
    # No out-of-office answer should come back to the shop (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message.set_boundary(f"courtier-{mail.id.hex}")
    message["Content-Language"] = mail.locale
    if [address.addr_spec for address in message["To"].addresses] != [recipient]:
        raise ValueError(f"{mail.to} is not the address of one mailbox")
    return message


async def hand_over(mail: Mail, shop: Settings) -> Outcome:
    """Try once to give a mail to the mail server. What goes wrong is an outcome, not an exception."""
    try:
        message = compose(mail, shop)
    except (MessageError, ValueError) as error:
        return _failed(error, final=True)
    client = _client(shop)
    try:
        async with asyncio.timeout(ATTEMPT_TIMEOUT):
            await client.connect()
            await client.send_message(message)
    except (SMTPException, OSError) as error:
        return _refused(error, mail)
    else:
        # The mail is taken; how the conversation ends is of no concern.
        with suppress(SMTPException, OSError):
            await client.quit(timeout=FAREWELL_TIMEOUT)
        return Outcome()
    finally:
        client.close()


def _refused(error: Exception, mail: Mail) -> Outcome:
    """Tell whether a repeat can change it. A server refuses a recipient or a mail for good by 5xx (RFC 5321, 4.2.1).

    A refusal of ourselves (sign-in, sender, certificate) is for an operator to mend, so it is tried again.
    """
    if isinstance(error, SMTPRecipientsRefused):
        refusal = error.recipients[0]
        return _failed(f"{refusal.code} {refusal.message}", final=refusal.code >= 500)
    if isinstance(error, SMTPDataError):
        return _failed(f"{error.code} {error.message}", final=error.code >= 500)
    unwritable = isinstance(error, SMTPNotSupported) and not _ascii_domain(mail.to).isascii()
    return _failed(error, final=unwritable)


def _client(shop: Settings) -> SMTP:
    server = urlsplit(shop.smtp_url.get_secret_value())
    host, user = server.hostname or "", unquote(server.username or "")
    wrapped = server.scheme == "smtps"
    return SMTP(
        hostname=host,
        port=server.port or (465 if wrapped else 587 if user else 25),
        username=user or None,
        password=unquote(server.password or "") or None,
        use_tls=wrapped,
        # A password goes to another machine only through TLS; without one, TLS is taken where it is offered.
        start_tls=None if wrapped or not user or _is_here(host) else True,
        local_hostname=_ascii_domain(shop.mail_from).rpartition("@")[2],
        timeout=COMMAND_TIMEOUT,
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ascii_domain(address: str) -> str:
    """Return an address with its domain as mail servers know it: "é.example" is "xn--9ca.example"."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _failed(reason: Exception | str, final: bool) -> Outcome:
    said = one_line(str(reason)) or type(reason).__name__
    return Outcome(error=said[:ERROR_LENGTH], final=final)
