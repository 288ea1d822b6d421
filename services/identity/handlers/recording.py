"""What the use cases leave: tokens for a session, and the record of who was let in, who was not, and why."""

from typing import Any

from services.identity import repository, settings
from services.identity.domain import roles, sessions, signing
from services.identity.models import (
    Account,
    Outcome,
    RefreshToken,
    SignedIn,
    SignInAttempt,
    SignInEvent,
    SigningKey,
)
from shared.contracts.identity import Role, TokenPair
from shared.kernel.ids import new_id
from shared.messaging.work import UnitOfWork


async def issue(work: UnitOfWork, account: Account, session: SignedIn) -> TokenPair:
    """Return the next pair of a session, whose refresh token before is already spent."""
    key = await signing_key(work)
    token, lifetime = sessions.new_token(), settings.current().access_token_seconds
    digest = sessions.digest(token)
    work.session.add(RefreshToken(digest=digest, session_id=session.id, issued_at=work.as_of))
    secret = settings.current().signing_key_secret.get_secret_value()
    return TokenPair(
        access_token=signing.access_token(
            _claims(work, account, lifetime), key.kid, signing.opened(key.kid, key.sealed, secret)
        ),
        expires_in=lifetime,
        refresh_token=token,
        refresh_expires_in=int((session.expires_at - work.as_of).total_seconds()),
    )


async def signing_key(work: UnitOfWork) -> SigningKey:
    """Return today's key, making the very first one where there is none yet."""
    key = await repository.signing_key(work.session, work.as_of)
    if key is None:
        first = signing.new_key(settings.current().signing_key_secret.get_secret_value())
        # Dated back a little: other requests of this very moment shall find it, too.
        since = work.as_of - signing.PUBLISHED_AHEAD
        await repository.keep_first_key(work.session, first.kid, first.public, first.sealed, since)
        key = await repository.signing_key(work.session, work.as_of)
    assert key is not None
    return key


def _claims(work: UnitOfWork, account: Account, lifetime: int) -> dict[str, Any]:
    issued = int(work.as_of.timestamp())
    return {
        "iss": settings.current().issuer,
        "aud": settings.current().audience,
        "sub": str(account.id),
        "iat": issued,
        "nbf": issued,
        "exp": issued + lifetime,
        "jti": str(new_id()),
        "actor_type": account.type,
        "actor_id": str(account.actor_id),
        "name": account.name,
        "permissions": roles.permissions(Role(role) for role in account.roles),
    }


def record(
    work: UnitOfWork,
    outcome: Outcome,
    account: Account | None,
    *,
    email: str | None = None,
    client: str | None = None,
    reason: str | None = None,
) -> None:
    """Write a line about an account, or about an `email` that has none."""
    work.session.add(
        SignInEvent(
            id=new_id(),
            at=work.as_of,
            outcome=outcome,
            email=account.email if account else email,
            account_id=account.id if account else None,
            client_address=client,
            done_by=work.actor.ref().model_dump(mode="json"),
            reason=reason,
        )
    )


def record_failure(work: UnitOfWork, outcome: Outcome, email: str, account: Account | None, client: str | None) -> None:
    """Count a failure, whether the address has an account or not, and write it down."""
    work.session.add(SignInAttempt(id=new_id(), email=email, client_address=client, at=work.as_of))
    record(work, outcome, account, email=email, client=client)
