"""An idempotency key that comes back when the inbox has forgotten it: here nobody asks an inbox at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from services.identity.handlers.commands.accounts import create_account
from services.identity.models import Account
from services.identity.tests.conftest import ADMIN, NOON, PASSWORD
from shared.contracts.actor import ActorType
from shared.contracts.base import Event
from shared.contracts.identity import AccountView, CreateAccount
from shared.kernel.problems import IdempotencyMismatch
from shared.messaging.work import UnitOfWork

NORA = CreateAccount(type=ActorType.STAFF, email="nora@shop.example", name="Nora", password=PASSWORD, roles=["admin"])
ITS_BODY = b"the digest of its body"
WorkAs = Callable[..., UnitOfWork]


async def opened(work_as: WorkAs, digest: bytes) -> tuple[AccountView, list[Event]]:
    """Open Nora's account as a request of this body would; return the answer and what was told."""
    work = work_as(ADMIN, request_key="k1", as_of=NOON, digest=digest)
    try:
        view = await create_account(NORA, work)
        await work.session.commit()
        return view, work.emitted
    finally:
        await work.session.close()


async def test_the_same_body_gets_the_account_that_exists(work_as: WorkAs) -> None:
    first, told = await opened(work_as, ITS_BODY)
    again, nothing = await opened(work_as, ITS_BODY)

    assert (again, len(told), nothing) == (first, 1, [])


async def test_another_body_is_refused(work_as: WorkAs) -> None:
    await opened(work_as, ITS_BODY)

    with pytest.raises(IdempotencyMismatch):
        await opened(work_as, b"another")


async def test_the_digest_of_a_body_that_held_a_password_is_kept_as_slow_to_guess_as_the_password(
    work_as: WorkAs,
) -> None:
    await opened(work_as, ITS_BODY)

    async with work_as().look() as session:
        kept = await session.scalar(select(Account.request_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert ITS_BODY.hex() not in kept
