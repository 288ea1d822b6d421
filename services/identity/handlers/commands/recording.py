"""The record of sign-ins: one line for everything that changes who is let in."""

from services.identity.models import Account, Outcome, SignInAttempt, SignInEvent
from shared.kernel.ids import new_id
from shared.messaging.work import UnitOfWork


def record(
    work: UnitOfWork, outcome: Outcome, account: Account, client: str | None = None, reason: str | None = None
) -> None:
    """Write a line about an account."""
    _write(work, outcome, account.email, account, client, reason)


def record_failure(work: UnitOfWork, outcome: Outcome, email: str, account: Account | None, client: str | None) -> None:
    """Write a line about a failure, known account or not, and count it."""
    work.session.add(SignInAttempt(id=new_id(), email=email, client_address=client, at=work.as_of))
    _write(work, outcome, email, account, client, None)


def _write(
    work: UnitOfWork, outcome: Outcome, email: str, account: Account | None, client: str | None, reason: str | None
) -> None:
    work.session.add(
        SignInEvent(
            id=new_id(),
            at=work.as_of,
            outcome=outcome,
            email=email,
            account_id=account.id if account else None,
            client_address=client,
            done_by=work.actor.ref().model_dump(mode="json"),
            reason=reason,
        )
    )
