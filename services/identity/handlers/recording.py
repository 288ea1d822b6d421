"""The record of sign-ins: one line for everything that changes who is let in, and for everyone who is not."""

from services.identity.models import Account, Outcome, SignInEvent
from shared.kernel.ids import new_id
from shared.messaging.work import UnitOfWork


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
