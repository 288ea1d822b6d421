"""Passwords: an account's own, changed by whoever knows the present one."""

from services.identity import repository
from services.identity.domain import hashing, passwords, sessions
from services.identity.handlers.loading import check_pace, check_place, take_turn
from services.identity.handlers.recording import record, record_failure
from services.identity.models import Outcome
from shared.contracts.identity import AccountNotFound, ChangePassword
from shared.contracts.values import Done
from shared.kernel.problems import FieldError, Malformed
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def change_password(command: ChangePassword, work: Work) -> Done:
    check_place()
    if work.actor.account_id is None:
        raise AccountNotFound
    async with work.look() as reading:
        known = await repository.account(reading, work.actor.account_id)
        await check_pace(reading, known.email, None, work.as_of)
    passwords.check(command.new_password.get_secret_value(), known.email, "/new_password")
    right = await hashing.matches(known.password_hash, command.current_password.get_secret_value())
    changed = await hashing.hashed(command.new_password.get_secret_value())

    await take_turn(work, known.email, None)
    account = await repository.account_to_change(work.session, known.id)
    if not right or account.password_set_at != known.password_set_at:
        # Counted as a failed sign-in: a stolen access token is no way to guess the password.
        record_failure(work, Outcome.PASSWORD_WRONG, account.email, account, None)
        work.refuse(_wrong())
    account.password_hash, account.password_set_at = changed, work.as_of
    kept = sessions.digest(command.refresh_token.get_secret_value()) if command.refresh_token else None
    await repository.end_sessions(work.session, account.id, work.as_of, keep=kept)
    record(work, Outcome.PASSWORD_CHANGED, account)
    return Done(id=account.id)


def _wrong() -> Malformed:
    message = "This is not the account's present password."
    return Malformed(message, errors=[FieldError("/current_password", "PASSWORD_WRONG", message)])
