"""The tables of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from shared.contracts.notifications import MailKind, MailStatus
from shared.database.columns import Choice, Table, new_metadata


class Base(Table):
    """The declarative base of notifications."""

    __abstract__ = True
    metadata = new_metadata()


class Mail(Base):
    """One mail, in the very words that leave at every attempt, and how far its delivery has come.

    `transition` tells the step it is about from every other of its order. `queued_at` is when its present three days
    of attempts began; `attempts` counts all that ended. `text` and `html` are read only by who sends them.
    """

    __tablename__ = "mails"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[MailKind] = mapped_column(Choice(MailKind))
    order_id: Mapped[UUID]
    transition: Mapped[str] = mapped_column(String(40))
    recipient_id: Mapped[UUID]
    to: Mapped[str] = mapped_column("to_address", String(254))
    locale: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, deferred=True)
    html: Mapped[str] = mapped_column(Text, deferred=True)
    message_id: Mapped[str] = mapped_column(String(320))
    status: Mapped[MailStatus] = mapped_column(Choice(MailStatus), default=MailStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("order_id", "kind", "transition", "recipient_id"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        Index("ix_mails_created_at", "created_at", "id"),
        Index("ix_mails_to_address", "to_address", "created_at"),
        Index("ix_mails_unsent", "status", "created_at", "id", postgresql_where=sql("status <> 'sent'")),
    )


class KnownAgent(Base):
    """Where an agent reads mail, as agents' events tell it."""

    __tablename__ = "known_agents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
