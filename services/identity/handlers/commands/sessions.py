"""Sessions: they begin with a sign-in, go on by refresh, and end by sign-out."""

from services.identity import repository, settings
from services.identity.domain import hashing, sessions, throttle
from services.identity.domain.sessions import Verdict
from services.identity.handlers.commands.issuing import issue
from services.identity.handlers.commands.recording import record, record_failure
from services.identity.models import Account, Outcome, SignedIn
from shared.contracts.identity import (
    RefreshRefused,
    RefreshTokens,
    SignIn,
    SignInElsewhere,
    SignInFailed,
    SignOut,
    TokenPair,
)
from shared.contracts.values import Done
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def sign_in(command: SignIn, work: Work) -> TokenPair:
    """Unknown address, wrong password and closed account: the same work, the same answer."""
    if settings.current().jwks_url:
        raise SignInElsewhere
    email, client = command.email, command.client_address
    async with work.look() as reading:
        throttle.check(*await repository.failures(reading, email, client, work.as_of), work.as_of)
        known = await repository.account_of(reading, email)
    password = command.password.get_secret_value()
    right = await hashing.matches(known and known.password_hash, password)
    renewed = await _renewed(known, password) if right else None

    await repository.queue_for(work.session, email)
    throttle.check(*await repository.failures(work.session, email, client, work.as_of), work.as_of)
    account = await repository.account_of(work.session, email, lock=True)
    if not (right and account and known and _is_still_open(account, known)):
        record_failure(work, Outcome.REFUSED, email, account, client)
        work.refuse(SignInFailed())
    if renewed:
        account.password_hash = renewed
    record(work, Outcome.SIGNED_IN, account, client)
    await repository.forget_failures(work.session, email)
    return await issue(work, account, await _begun(work, account, client))


@handler
async def refresh_tokens(command: RefreshTokens, work: Work) -> TokenPair:
    digest = sessions.digest(command.refresh_token.get_secret_value())
    found = await repository.session_of(work.session, digest)
    if found is None:
        raise RefreshRefused
    account, session, token = found
    verdict = sessions.judge(token.used_at, session.ended_at, session.expires_at, work.as_of)
    if verdict is Verdict.REUSED:
        session.ended_at = work.as_of
        record(work, Outcome.TOKEN_REUSED, account, session.client_address)
        work.refuse(RefreshRefused("This refresh token was used before, so its session was ended; sign in again."))
    if verdict is not Verdict.GOOD or account.disabled:
        raise RefreshRefused
    # The clock, not `as_of`: a twin that was asked for before this very moment is told from a later reuse.
    await repository.mark_used(work.session, digest, clock.now())
    return await issue(work, account, session)


@handler
async def sign_out(command: SignOut, work: Work) -> Done:
    """Ends whatever session there is; an unknown token leaves nothing to end."""
    found = await repository.session_of(work.session, sessions.digest(command.refresh_token.get_secret_value()))
    if found is not None:
        account, session, _ = found
        if session.ended_at is None:
            session.ended_at = work.as_of
            record(work, Outcome.SIGNED_OUT, account, session.client_address)
    return Done()


async def _renewed(known: Account | None, password: str) -> str | None:
    kept = known and known.password_hash
    return await hashing.hashed(password) if kept and hashing.outdated(kept) else None


def _is_still_open(account: Account, known: Account) -> bool:
    """Tell whether the password just verified is still the account's, and the account not closed."""
    return not account.disabled and account.id == known.id and account.password_set_at == known.password_set_at


async def _begun(work: UnitOfWork, account: Account, client: str | None) -> SignedIn:
    session = SignedIn(
        id=new_id(),
        account_id=account.id,
        client_address=client,
        created_at=work.as_of,
        expires_at=work.as_of + sessions.LIFETIME,
    )
    work.session.add(session)
    await work.session.flush()
    return session
