"""Every query of identity, as functions of a session."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.domain import throttle
from services.identity.domain.throttle import Failures
from services.identity.models import (
    Account,
    Outcome,
    RefreshToken,
    SignedIn,
    SignInAttempt,
    SignInEvent,
    SigningKey,
    Subject,
)
from shared.contracts.identity import AccountNotFound, ListAccounts, Role

FAMILIAR_FOR = timedelta(days=30)  # how long an address is known from which somebody signed in
ADMINS = "identity.admins"  # the advisory locks' names: they share one space with whatever else locks so


async def account(session: AsyncSession, id_: UUID) -> Account:
    """Return an account. Raises AccountNotFound."""
    found = await session.get(Account, id_)
    if found is None:
        raise AccountNotFound
    return found


async def account_to_change(session: AsyncSession, id_: UUID | None) -> Account:
    """Return an account, locked until the transaction ends, its version not raised yet. Raises AccountNotFound."""
    found = await session.scalar(select(Account).where(Account.id == id_).with_for_update())
    if found is None:
        raise AccountNotFound
    return found


async def account_of(session: AsyncSession, email: str, lock: bool = False) -> Account | None:
    """Return the account that signs in with an address, or None."""
    statement = select(Account).where(Account.email == email)
    if lock:
        # Not `FOR UPDATE`: rows that refer to the account may be written meanwhile.
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(statement)).one_or_none()


def accounts(query: ListAccounts) -> Select[Account]:
    """Return the statement for the accounts a list asks for."""
    statement = select(Account)
    if query.type:
        statement = statement.where(Account.type == query.type)
    if query.q:
        texts = (Account.name, Account.email)
        statement = statement.where(or_(*(text.icontains(query.q, autoescape=True) for text in texts)))
    return statement


async def email_taken(session: AsyncSession, email: str) -> bool:
    """Tell whether an account signs in with this address."""
    return bool(await session.scalar(select(exists().where(Account.email == email))))


async def subject_taken(session: AsyncSession, issuer: str, subject: str) -> bool:
    """Tell whether a subject of another issuer stands for an account already."""
    return bool(await session.scalar(select(exists().where(Subject.issuer == issuer, Subject.subject == subject))))


async def unlink_subject(session: AsyncSession, issuer: str, account_id: UUID) -> None:
    """Forget which subject of an issuer stands for an account."""
    await session.execute(delete(Subject).where(Subject.issuer == issuer, Subject.account_id == account_id))


async def account_behind(session: AsyncSession, issuer: str, subject: str) -> Account | None:
    """Return the account linked to a subject of another issuer, or None."""
    linked = select(Subject.account_id).where(Subject.issuer == issuer, Subject.subject == subject)
    return await session.scalar(select(Account).where(Account.id == linked.scalar_subquery()))


async def lock_admins(session: AsyncSession) -> None:
    """Let only one transaction at a time make, disable or demote an admin."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ADMINS, 0))))


async def an_admin_exists(session: AsyncSession) -> bool:
    """Tell whether any account is an admin, open or not."""
    return bool(await session.scalar(select(exists().where(_is_admin()))))


async def another_admin_is_open(session: AsyncSession, besides: UUID) -> bool:
    """Tell whether an admin other than this account can sign in."""
    return bool(await session.scalar(select(exists().where(_is_admin(), ~Account.disabled, Account.id != besides))))


def _is_admin() -> ColumnElement[bool]:
    return Account.roles.contains([Role.ADMIN.value])


async def queue_for(session: AsyncSession, email: str) -> None:
    """Let only one sign-in at a time be decided for an address, so that no burst of guesses outruns the count."""
    key = func.hashtextextended(literal("identity.sign_in:") + email, 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def failures(session: AsyncSession, email: str, client: str | None, at: datetime) -> tuple[Failures, Failures]:
    """Return the failures that count against an address, and against where the request comes from.

    From where its owner has lately signed in, only failures from there count against an address: a stranger's
    guesses cannot keep the owner out.
    """
    familiar = exists().where(
        SignInEvent.email == email,
        SignInEvent.client_address == client,
        SignInEvent.outcome == Outcome.SIGNED_IN,
        SignInEvent.at > at - FAMILIAR_FOR,
    )
    # Whoever comes from nowhere known shares no count: `= NULL` is true of nothing, where SQLAlchemy writes IS NULL.
    from_here = SignInAttempt.client_address == client if client else false()
    familiar_here = familiar if client else false()
    of_email = and_(
        SignInAttempt.email == email,
        SignInAttempt.at > at - throttle.PER_EMAIL.window,
        or_(~familiar_here, from_here),
    )
    of_client = and_(from_here, SignInAttempt.at > at - throttle.PER_CLIENT.window)
    facts: list[Any] = [
        fact.filter(which) for which in (of_email, of_client) for fact in (func.count(), func.max(SignInAttempt.at))
    ]
    row = (await session.execute(select(*facts).where(or_(of_email, of_client)))).one()
    return Failures(row[0], row[1]), Failures(row[2], row[3])


async def forget_failures(session: AsyncSession, email: str) -> None:
    """Start counting anew for an address whose owner has signed in."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.email == email))


async def session_of(session: AsyncSession, digest: bytes) -> tuple[Account, SignedIn, RefreshToken] | None:
    """Return the account, session and token a digest belongs to, all locked, or None.

    The account first, as whoever disables it does; both queries see what was committed while they waited.
    """
    family = select(RefreshToken.session_id).where(RefreshToken.digest == digest).scalar_subquery()
    owner = select(SignedIn.account_id).where(SignedIn.id == family).scalar_subquery()
    locked = select(Account).where(Account.id == owner).with_for_update(read=True)
    account = await session.scalar(locked.execution_options(populate_existing=True))
    if account is None:
        return None
    both = (
        select(SignedIn, RefreshToken)
        .join(RefreshToken, RefreshToken.session_id == SignedIn.id)
        .where(RefreshToken.digest == digest)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(both)).one_or_none()
    return (account, *found) if found else None


async def mark_used(session: AsyncSession, digest: bytes, at: datetime) -> None:
    """Spend a refresh token, before its successor is written."""
    await session.execute(update(RefreshToken).where(RefreshToken.digest == digest).values(used_at=at))


async def end_sessions(session: AsyncSession, account_id: UUID, at: datetime, keep: bytes | None = None) -> None:
    """End the sessions of an account, but for the one a digest belongs to."""
    ended = update(SignedIn).where(SignedIn.account_id == account_id, SignedIn.ended_at.is_(None)).values(ended_at=at)
    if keep is not None:
        kept = select(RefreshToken.session_id).where(RefreshToken.digest == keep)
        ended = ended.where(SignedIn.id.not_in(kept))
    await session.execute(ended)


async def signing_key(session: AsyncSession, at: datetime) -> SigningKey | None:
    """Return the key that signs at a moment: the newest that has begun to."""
    begun = select(SigningKey).where(SigningKey.signs_from <= at).order_by(SigningKey.signs_from.desc()).limit(1)
    return await session.scalar(begun)


async def current_key_to_replace(session: AsyncSession) -> SigningKey | None:
    """Return the newest key, locked, or None before the first."""
    return await session.scalar(select(SigningKey).where(SigningKey.verifies_until.is_(None)).with_for_update())


async def keep_first_key(session: AsyncSession, kid: str, public: dict[str, Any], sealed: bytes, at: datetime) -> None:
    """Keep a first key; where another replica was faster, theirs stays."""
    key = insert(SigningKey).values(kid=kid, public=public, sealed=sealed, signs_from=at)
    await session.execute(key.on_conflict_do_nothing())


async def public_keys(session: AsyncSession, at: datetime) -> Sequence[dict[str, Any]]:
    """Return the public halves of every key a token may still be signed with, newest first."""
    shown = or_(SigningKey.verifies_until.is_(None), SigningKey.verifies_until > at)
    return (await session.scalars(select(SigningKey.public).where(shown).order_by(SigningKey.signs_from.desc()))).all()


async def forget(session: AsyncSession, at: datetime, attempts_before: datetime, sessions_before: datetime) -> None:
    """Delete what nothing looks at any more: old attempts, sessions long over, keys that verify nothing."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.at < attempts_before))
    over = or_(SignedIn.expires_at < sessions_before, SignedIn.ended_at < sessions_before)
    await session.execute(delete(SignedIn).where(over))
    await session.execute(delete(SigningKey).where(SigningKey.verifies_until < at))
