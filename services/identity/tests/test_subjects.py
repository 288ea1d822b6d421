"""Accounts that follow their people to another issuer, and what identity stops doing once one stands in for it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from services.identity.handlers.commands.accounts import bootstrap_admin, create_account, link_subject
from services.identity.handlers.commands.passwords import change_password
from services.identity.handlers.commands.sessions import refresh_tokens
from services.identity.handlers.queries import get_account, resolve_subject
from services.identity.models import Outcome, SignInEvent
from services.identity.settings import use
from services.identity.tests.conftest import ADMIN, PASSWORD
from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    AccountNotFound,
    BootstrapAdmin,
    ChangePassword,
    CreateAccount,
    GetAccount,
    LinkSubject,
    RefreshTokens,
    ResolveSubject,
    Role,
    SignInElsewhere,
    SubjectTaken,
)
from shared.kernel.problems import Malformed, PreconditionFailed

LOGIN, OTHER = "https://login.example", "https://other.example"


def linking(account, subject, issuer=LOGIN):
    return LinkSubject(
        id=account.id, external_subject=subject, external_issuer=issuer, expected_version=account.version
    )


async def behind(desk, subject, issuer=LOGIN):
    return (await desk(resolve_subject, ResolveSubject(issuer=issuer, external_subject=subject))).account_id


async def test_an_account_with_a_password_is_linked_and_another_link_takes_the_place_of_the_first(desk):
    account = await desk.account()

    for subject in ("auth0|7", "auth0|8", "auth0|8"):
        account = await desk(link_subject, linking(account, subject), ADMIN)
        assert await behind(desk, subject) == account.id
    account = await desk(link_subject, linking(account, "x", OTHER), ADMIN)

    assert account.version == 5
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
        await desk(link_subject, linking(owner.model_copy(update={"id": uuid4()}), "auth0|9"), ADMIN)


async def test_of_two_who_link_an_account_at_once_the_second_is_told(desk):
    seen = await desk.account()
    await desk(link_subject, linking(seen, "auth0|7"), ADMIN)

    with pytest.raises(PreconditionFailed):
        await desk(link_subject, linking(seen, "auth0|8"), ADMIN)

    assert await behind(desk, "auth0|7") == seen.id
    assert (await desk(get_account, GetAccount(id=seen.id), ADMIN)).version == 2


async def test_a_subject_of_nobodys_is_refused_while_no_outside_issuer_is_trusted(desk):
    person = {"email": "ada@shop.example", "name": "Ada", "external_subject": "auth0|1"}
    first = BootstrapAdmin(secret="let me be the first", **person)
    staff = CreateAccount(type=ActorType.STAFF, roles=[Role.ADMIN], **person)
    account = await desk.account(roles=[Role.ORDER_CLERK])

    for handler, command, pointer in (
        (bootstrap_admin, first, "/external_subject"),
        (create_account, staff, "/external_issuer"),
        (link_subject, linking(account, "auth0|1", None), "/external_issuer"),
    ):
        with pytest.raises(Malformed, match="COURTIER_JWKS_URL") as refusal:
            await desk(handler, command, ADMIN)
        assert [error.pointer for error in refusal.value.errors] == [pointer]


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
