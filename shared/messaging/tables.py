"""The tables every service carries: what it will say, what it has answered, how far it has heard, what is due."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.database.columns import Table, new_metadata


class MessagingBase(Table):
    """The declarative base of these tables; migrations run them beside the service's own."""

    __abstract__ = True
    metadata = new_metadata()


class OutboxRow(MessagingBase):
    """A fact to be published. `seq` is given by the relay, without gaps; `body` is the very bytes that will be sent."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    subject: Mapped[str]
    aggregate_id: Mapped[UUID]
    aggregate_version: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    traceparent: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        Index("ix_outbox_unnumbered", "id", postgresql_where=text("seq IS NULL")),
        Index("ix_outbox_created_at", "created_at"),
        # The broker refuses messages above 1 MB, and a numbered event that cannot be sent would stop all after it.
        CheckConstraint("octet_length(body) <= 655360", name="body_size"),
    )


class RelayState(MessagingBase):
    """One row: the last number given, how far the broker has it, and when the relay's leader was last alive."""

    __tablename__ = "relay_state"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    published_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    beat: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class InboxRow(MessagingBase):
    """A request already answered. `key` digests actor, subject and idempotency key; `digest` the body."""

    __tablename__ = "inbox"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    reply: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (Index("ix_inbox_answered_at", "answered_at"),)


class Cursor(MessagingBase):
    """How far this service has heard a producer, whose newest fact it knew of was `head_seq`.

    `stream_seq` in `stream_epoch` is only a hint where to read on.
    """

    __tablename__ = "cursors"

    producer: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    head_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    stream_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    stream_epoch: Mapped[str] = mapped_column(server_default=text("''"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    beat: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class ParkedEvent(MessagingBase):
    """An event one handler refused, or one queued behind such an event of the same aggregate."""

    __tablename__ = "parked_events"

    producer: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    type: Mapped[str]
    aggregate_id: Mapped[UUID]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    error: Mapped[str | None]  # none: it only queues behind another
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_try: Mapped[datetime | None]  # none: waits for an operator
    parked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (Index("ix_parked_events_aggregate", "producer", "handler", "aggregate_id", "seq"),)


class JobRow(MessagingBase):
    """Work for later or for outside. Deleted when done; `failed_at` is set when it was given up."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    run_after: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None]
    error: Mapped[str | None]
    failed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_jobs_due", "run_after", postgresql_where=text("failed_at IS NULL")),)


class OperatorAct(MessagingBase):
    """What an operator did to the bus, and why. Append-only."""

    __tablename__ = "operator_acts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    act: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
