"""Accounts that follow their people to another issuer, and what identity stops doing once one stands in for it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from services.identity.handlers.commands.accounts import link_subject
from services.identity.handlers.commands.passwords import change_password
from services.identity.handlers.commands.sessions import refresh_tokens
from services.identity.handlers.queries import resolve_subject
from services.identity.models import Outcome, SignInEvent
from services.identity.settings import use
from services.identity.tests.conftest import ADMIN, PASSWORD
from shared.contracts.identity import (
    AccountNotFound,
    ChangePassword,
    LinkSubject,
    RefreshTokens,
    ResolveSubject,
    SignInElsewhere,
    SubjectTaken,
)

LOGIN, OTHER = "https://login.example", "https://other.example"


def linking(account, subject, issuer=LOGIN):
    return LinkSubject(id=account.id, external_subject=subject, external_issuer=issuer)


async def behind(desk, subject, issuer=LOGIN):
    return (await desk(resolve_subject, ResolveSubject(issuer=issuer, external_subject=subject))).account_id


async def test_an_account_with_a_password_is_linked_and_another_link_takes_the_place_of_the_first(desk):
    account = await desk.account()

    for subject in ("auth0|7", "auth0|8", "auth0|8"):
        await desk(link_subject, linking(account, subject), ADMIN)
        assert await behind(desk, subject) == account.id
    await desk(link_subject, linking(account, "x", OTHER), ADMIN)

    assert await behind(desk, "auth0|8") == await behind(desk, "x", OTHER) == account.id
    with pytest.raises(AccountNotFound):
        await behind(desk, "auth0|7")
    lines = select(SignInEvent.reason).where(SignInEvent.outcome == Outcome.SUBJECT_LINKED).order_by(SignInEvent.id)
    reasons = list(await desk.work_as().session.scalars(lines))
    assert (len(reasons), reasons[0]) == (4, f"to auth0|7 of {LOGIN}")


async def test_without_an_issuer_the_trusted_one_is_meant(desk, settings):
    account = await desk.account()
    use(settings.model_copy(update={"jwks_url": f"{LOGIN}/keys", "issuer": LOGIN}))

    await desk(link_subject, linking(account, "auth0|7", None), ADMIN)

    assert await behind(desk, "auth0|7") == account.id


async def test_a_subject_is_not_taken_from_its_account(desk):
    owner, other = await desk.account(), await desk.account("b@shop.example")
    await desk(link_subject, linking(owner, "auth0|7"), ADMIN)

    with pytest.raises(SubjectTaken):
        await desk(link_subject, linking(other, "auth0|7"), ADMIN)
    assert await behind(desk, "auth0|7") == owner.id
    with pytest.raises(AccountNotFound):
        await desk(link_subject, LinkSubject(id=uuid4(), external_subject="auth0|9"), ADMIN)


async def test_where_another_issuer_signs_people_in_identity_gives_out_nothing(desk, settings):
    await desk.account()
    pair = await desk.sign_in()
    use(settings.model_copy(update={"jwks_url": f"{LOGIN}/keys", "issuer": LOGIN}))

    with pytest.raises(SignInElsewhere):
        await desk.sign_in()
    with pytest.raises(SignInElsewhere):
        await desk(refresh_tokens, RefreshTokens(refresh_token=pair.refresh_token))
    with pytest.raises(SignInElsewhere):
        await desk(change_password, ChangePassword(current_password=PASSWORD, new_password="another long word"))
