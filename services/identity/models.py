"""The tables of identity."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.contracts.actor import ActorType
from shared.database.columns import Choice, Table, new_metadata

REASON_LENGTH = 200


class Base(Table):
    __abstract__ = True
    metadata = new_metadata()


class Outcome(StrEnum):
    """What a line of the record of sign-ins tells."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    SIGNED_OUT = "signed_out"
    TOKEN_REUSED = "token_reused"  # noqa: S105 - not a secret
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - not a secret
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - not a secret
    DISABLED = "disabled"
    ENABLED = "enabled"
    ROLES_CHANGED = "roles_changed"
    SUBJECT_LINKED = "subject_linked"
    CREATED = "created"


class Account(Base):
    """Someone who may sign in. `actor_id` is the agent or customer behind it, of staff the account itself.

    `request_hash` tells the request that opened it from another of the same key, when the inbox no longer can.
    """

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[ActorType] = mapped_column(Choice(ActorType))
    actor_id: Mapped[UUID]
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    locale: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    disabled: Mapped[bool]
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_hash: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index("ix_accounts_newest", "created_at", "id"),)


class Subject(Base):
    """That a subject of another OIDC issuer stands for an account."""

    __tablename__ = "subjects"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class SignedIn(Base):
    """A session: a family of refresh tokens that begins with a sign-in."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    client_address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_sessions_live", "account_id", postgresql_where=text("ended_at IS NULL")),)


class RefreshToken(Base):
    """One refresh token of a session, known by its digest only. Exchanged ones stay, to recognise their reuse."""

    __tablename__ = "refresh_tokens"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_refresh_tokens_unused", "session_id", unique=True, postgresql_where=text("used_at IS NULL")),
    )


class SignInAttempt(Base):
    """A failed sign-in, counted against its e-mail address and against where it came from."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    client_address: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        Index("ix_sign_in_attempts_email", "email", "at"),
        Index("ix_sign_in_attempts_client", "client_address", "at"),
    )


class SigningKey(Base):
    """A key that signs access tokens. The current one has no `verifies_until`; old ones are shown until then."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    signs_from: Mapped[datetime]
    verifies_until: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_signing_keys_current",
            text("(verifies_until IS NULL)"),
            unique=True,
            postgresql_where=text("verifies_until IS NULL"),
        ),
    )


class SignInEvent(Base):
    """A line of the record: who, when, from where, what came of it. Append-only."""

    __tablename__ = "sign_in_events"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(Choice(Outcome))
    email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    client_address: Mapped[str | None] = mapped_column(String(64))
    done_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))

    __table_args__ = (Index("ix_sign_in_events_email", "email", "at"),)
