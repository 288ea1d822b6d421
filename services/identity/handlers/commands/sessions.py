"""Sessions: they begin with a sign-in, go on by refresh, and end by sign-out."""

from services.identity import repository
from services.identity.domain import hashing, sessions
from services.identity.domain.sessions import Verdict
from services.identity.handlers.loading import check_pace, check_place, take_turn
from services.identity.handlers.recording import issue, record, record_failure
from services.identity.models import Account, Outcome, SignedIn
from shared.contracts.identity import (
    RefreshRefused,
    RefreshTokens,
    SignIn,
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
    check_place()
    email, client = command.email, command.client_address
    proven, renewed = await _proven(command, work)

    await take_turn(work, email, client)
    account = await repository.account_of(work.session, email, lock=True)
    # Unknown address, wrong password and closed account: the same work, the same answer.
    if account is None or proven is None or not _is_still_open(account, proven):
        record_failure(work, Outcome.REFUSED, email, account, client)
        work.refuse(SignInFailed())
    if renewed:
        account.password_hash = renewed
    record(work, Outcome.SIGNED_IN, account, client=client)
    await repository.forget_failures(work.session, email)
    return await issue(work, account, await _begun(work, account, client))


@handler
async def refresh_tokens(command: RefreshTokens, work: Work) -> TokenPair:
    check_place()
    digest = sessions.digest(command.refresh_token.get_secret_value())
    found = await repository.session_of(work.session, digest)
    if found is None:
        raise RefreshRefused
    account, session, token = found
    verdict = sessions.judge(token.used_at, session.ended_at, session.expires_at, work.as_of)
    if verdict is Verdict.REUSED:
        session.ended_at = work.as_of
        record(work, Outcome.TOKEN_REUSED, account, client=session.client_address)
        work.refuse(RefreshRefused("This refresh token was used before, so its session was ended; sign in again."))
    if verdict is not Verdict.GOOD or account.disabled:
        raise RefreshRefused
    # The clock, not `as_of`: a twin that was asked for before this very moment is told from a later reuse.
    await repository.mark_used(work.session, digest, clock.now())
    return await issue(work, account, session)


@handler
async def sign_out(command: SignOut, work: Work) -> Done:
    found = await repository.session_of(work.session, sessions.digest(command.refresh_token.get_secret_value()))
    if found is not None:
        account, session, _ = found
        if session.ended_at is None:
            session.ended_at = work.as_of
            record(work, Outcome.SIGNED_OUT, account, client=session.client_address)
    return Done()


async def _proven(command: SignIn, work: UnitOfWork) -> tuple[Account | None, str | None]:
    """Return the account whose password this is, if any, and the hash to keep where the old one is outdated.

    No transaction waits while the password is checked, and a throttled attempt costs no check at all.
    """
    async with work.look() as reading:
        await check_pace(reading, command.email, command.client_address, work.as_of)
        known = await repository.account_of(reading, command.email)
    kept, password = known.password_hash if known else None, command.password.get_secret_value()
    if not await hashing.matches(kept, password):
        return None, None
    return known, await hashing.hashed(password) if kept and hashing.outdated(kept) else None


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
