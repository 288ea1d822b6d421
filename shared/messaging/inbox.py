"""The inbox: which requests this service has answered, and what it said."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kernel.problems import IdempotencyMismatch
from shared.messaging.tables import InboxRow

_find = select(InboxRow.digest, InboxRow.reply).where(InboxRow.key == bindparam("key"))
_keep = insert(InboxRow)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What tells one keyed request from every other: its actor, subject and idempotency key; and its body's digest."""

    key: bytes
    digest: bytes

    @classmethod
    def of(cls, actor_key: str, subject: str, idempotency_key: str, body: bytes) -> "Ticket":
        """Return the ticket of a request; keys of two callers or of two subjects never meet."""
        scope = "\x1f".join((actor_key, subject, idempotency_key)).encode()
        # The scope salts the body's digest: a body may hold a password, and the key itself is kept nowhere.
        return cls(hashlib.sha256(scope).digest(), hashlib.sha256(scope + b"\x1f" + body).digest())


async def recall(session: AsyncSession, ticket: Ticket) -> bytes | None:
    """Return the answer given the first time, or None when this request is new.

    Raises IdempotencyMismatch when the key was used with another body.
    """
    row = (await session.execute(_find, {"key": ticket.key})).one_or_none()
    if row is None:
        return None
    if row.digest != ticket.digest:
        raise IdempotencyMismatch
    reply: bytes = row.reply
    return reply


async def remember(session: AsyncSession, ticket: Ticket, reply: bytes) -> None:
    """Keep an answer in the transaction of its effects; a twin's commit makes this an IntegrityError."""
    await session.execute(_keep, {"key": ticket.key, "digest": ticket.digest, "reply": reply})
