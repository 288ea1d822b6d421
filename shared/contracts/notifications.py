"""Notifications: which mails told whom about what.

Owner: services/notifications. It alone handles these requests and emits these events.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract, Event, Query
from shared.contracts.values import Email, Locale, Page, PageSize, Text
from shared.kernel.problems import Conflict, NotFound


class MailKind(StrEnum):
    """Which step a mail tells of."""

    ORDER_PLACED = "order_placed"
    AGENT_ORDER_PLACED = "agent_order_placed"
    PAYMENT_RECEIVED = "payment_received"
    ORDER_CANCELLED = "order_cancelled"


class MailStatus(StrEnum):
    """Whether a mail has left."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class MailView(Contract):
    """One mail of the delivery log; `message_id` is the same at every attempt."""

    id: UUID
    kind: MailKind
    to: Email
    locale: Locale
    subject: Text
    order_id: UUID
    status: MailStatus
    message_id: str
    attempts: int
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    version: int


class MailNotFound(NotFound):
    """There is no such mail."""


class MailNotFailed(Conflict):
    """Only a mail that was given up can be sent again."""


class ListMails(Query[Page[MailView]], subject="notifications.list_mails.v1", allow={Permission.MAILS_READ}):
    """Returns the delivery log, newest first."""

    order_id: UUID | None = None
    to: Email | None = None
    status: MailStatus | None = None
    cursor: str | None = None
    limit: PageSize = 20


class ResendMail(Command[MailView], subject="notifications.resend_mail.v1", allow={Permission.OPERATE}, keyed=False):
    """Tries again to send a mail that was given up."""

    id: UUID
    reason: Text = Field(description="Why it is worth another try.")


class MailSent(Event, subject="notifications.mail_sent.v1", aggregate="mail.id"):
    """The mail server took a mail."""

    mail: MailView


class MailFailed(Event, subject="notifications.mail_failed.v1", aggregate="mail.id"):
    """A mail was given up after many attempts."""

    mail: MailView
