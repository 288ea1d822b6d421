"""Accounts: opened, closed, opened again, given other roles; the first admin by whoever holds the secret."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.identity.handlers.commands.accounts import (
    bootstrap_admin,
    change_roles,
    create_account,
    disable_account,
    enable_account,
)
from services.identity.settings import use
from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountNotFound,
    BootstrapAdmin,
    BootstrapRefused,
    ChangeRoles,
    CreateAccount,
    DisableAccount,
    EmailTaken,
    EnableAccount,
    LastAdmin,
    Role,
    RolesChanged,
    SubjectTaken,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed, PreconditionFailed

from .conftest import ADMIN, NOON, PASSWORD

CLERK = {"email": "clerk@shop.example", "roles": [Role.ORDER_CLERK]}


def first_admin(**changes):
    wanted = {"secret": "let me be the first", "email": "boss@shop.example", "name": "Boss", "password": PASSWORD}
    return BootstrapAdmin(**wanted | changes)


async def test_a_staff_account_stands_for_itself(desk):
    account = await desk.account()

    assert (account.actor_id, account.version, account.disabled) == (account.id, 1, False)
    assert account.created_at == NOON
    [created] = desk.emitted
    assert isinstance(created, AccountCreated)
    assert created.account.model_dump() == account.model_dump(exclude={"locale", "created_at"})


async def test_an_agents_account_names_its_agent(desk):
    agent = new_id()

    account = await desk.account(type=ActorType.AGENT, actor_id=agent, roles=[Role.AGENT])

    assert (account.type, account.actor_id) == (ActorType.AGENT, agent)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"type": ActorType.AGENT, "roles": [Role.AGENT]}, "/actor_id"),
        ({"type": ActorType.CUSTOMER, "roles": [Role.CUSTOMER]}, "/actor_id"),
        ({"actor_id": uuid4()}, "/actor_id"),
        ({"type": ActorType.VISITOR}, "/type"),
        ({"type": ActorType.SERVICE}, "/type"),
        ({"roles": [Role.ORDER_CLERK, Role.AGENT]}, "/roles/1"),
        ({"type": ActorType.AGENT, "actor_id": uuid4(), "roles": [Role.ADMIN]}, "/roles/0"),
        ({"password": None}, "/password"),
        ({"password": "password123"}, "/password"),
        ({"email": "bicycles@shop.example"}, "/password"),
    ],
)
async def test_what_does_not_fit_together_is_named(desk, changes, pointer):
    with pytest.raises(Malformed) as refusal:
        await desk.account(**changes)

    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert refusal.value.detail
    assert desk.emitted == []


async def test_an_address_signs_in_one_account_only(desk):
    await desk.account()

    with pytest.raises(EmailTaken):
        await desk.account("NORA@shop.example")


async def test_a_repeated_command_makes_the_same_account(desk, work_as):
    command = CreateAccount(type=ActorType.STAFF, email="a@shop.example", name="A", password=PASSWORD, roles=["admin"])
    ids = set()
    for _ in range(2):
        work = work_as(ADMIN, request_key="k1", as_of=NOON)
        ids.add((await create_account(command, work)).id)
        await work.session.rollback()

    assert len(ids) == 1


async def test_a_subject_of_another_issuer_stands_for_one_account(desk):
    await desk.account(password=None, external_subject="auth0|7", external_issuer="https://login.example")

    with pytest.raises(SubjectTaken):
        await desk.account("b@shop.example", external_subject="auth0|7", external_issuer="https://login.example")
    assert await desk.account("c@shop.example", external_subject="auth0|7", external_issuer="https://other.example")


async def test_where_another_issuer_signs_people_in_an_account_needs_its_subject(desk, settings):
    use(settings.model_copy(update={"jwks_url": "https://login.example/keys", "issuer": "https://login.example"}))

    with pytest.raises(Malformed) as refusal:
        await desk.account()
    assert [error.pointer for error in refusal.value.errors] == ["/external_subject"]
    assert await desk(bootstrap_admin, first_admin(password=None, external_subject="auth0|1"))


async def test_a_closed_account_is_told_to_everyone(desk):
    account = await desk.account(**CLERK)

    closed = await desk(disable_account, DisableAccount(id=account.id, reason="left the shop"), ADMIN)

    assert (closed.disabled, closed.version) == (True, 2)
    event = desk.emitted[-1]
    assert isinstance(event, AccountDisabled)
    assert (event.account.id, event.account.version, event.reason) == (account.id, 2, "left the shop")


async def test_closing_or_opening_twice_changes_nothing_more(desk):
    account = await desk.account(**CLERK)
    for _ in range(2):
        closed = await desk(disable_account, DisableAccount(id=account.id, reason="left"), ADMIN)
    for _ in range(2):
        opened = await desk(enable_account, EnableAccount(id=account.id), ADMIN)

    assert (closed.version, opened.version, opened.disabled) == (2, 3, False)
    assert [type(event) for event in desk.emitted] == [AccountCreated, AccountDisabled, AccountEnabled]
    assert await desk.sign_in("clerk@shop.example")


async def test_roles_change_for_whoever_has_read_the_newest_version(desk):
    account = await desk.account(**CLERK)
    wanted = ChangeRoles(id=account.id, roles=[Role.ACCOUNTANT, Role.ORDER_CLERK], expected_version=1)

    changed = await desk(change_roles, wanted, ADMIN)

    assert (changed.roles, changed.version) == ([Role.ACCOUNTANT, Role.ORDER_CLERK], 2)
    assert isinstance(desk.emitted[-1], RolesChanged)
    with pytest.raises(PreconditionFailed):
        await desk(change_roles, wanted, ADMIN)


async def test_roles_must_fit_the_account(desk):
    account = await desk.account(type=ActorType.AGENT, actor_id=new_id(), roles=[Role.AGENT])

    with pytest.raises(Malformed, match="do not fit an account of type agent"):
        await desk(change_roles, ChangeRoles(id=account.id, roles=[Role.ADMIN], expected_version=1), ADMIN)


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (disable_account, DisableAccount(id=uuid4(), reason="x")),
        (enable_account, EnableAccount(id=uuid4())),
        (change_roles, ChangeRoles(id=uuid4(), roles=[Role.ADMIN], expected_version=1)),
    ],
)
async def test_an_account_that_is_not_there_is_not_found(desk, handler, message):
    with pytest.raises(AccountNotFound):
        await desk(handler, message, ADMIN)


async def test_the_last_admin_stays(desk):
    boss = await desk.account("boss@shop.example")
    other = await desk.account("other@shop.example")
    await desk(disable_account, DisableAccount(id=other.id, reason="left"), ADMIN)

    with pytest.raises(LastAdmin):
        await desk(disable_account, DisableAccount(id=boss.id, reason="left"), ADMIN)
    with pytest.raises(LastAdmin):
        await desk(change_roles, ChangeRoles(id=boss.id, roles=[Role.ACCOUNTANT], expected_version=1), ADMIN)
    await desk(enable_account, EnableAccount(id=other.id), ADMIN)
    assert (await desk(disable_account, DisableAccount(id=boss.id, reason="left"), ADMIN)).disabled


async def test_whoever_holds_the_secret_is_the_first_admin_once(desk):
    boss = await desk(bootstrap_admin, first_admin())

    assert (boss.roles, boss.type, boss.actor_id) == ([Role.ADMIN], ActorType.STAFF, boss.id)
    assert await desk.sign_in("boss@shop.example")
    for again in (first_admin(), first_admin(email="second@shop.example")):
        with pytest.raises(BootstrapRefused):
            await desk(bootstrap_admin, again)


@pytest.mark.parametrize("secret", ["wrong", "", "let me be the firsT", "é"])
async def test_another_secret_makes_no_admin(desk, secret):
    with pytest.raises(BootstrapRefused):
        await desk(bootstrap_admin, first_admin(secret=secret))


@pytest.mark.parametrize("configured", [None, SecretStr("")])
@pytest.mark.parametrize("secret", ["", "None", "let me be the first"])
async def test_without_a_configured_secret_nobody_is_the_first(desk, settings, configured, secret):
    use(settings.model_copy(update={"bootstrap_secret": configured}))

    with pytest.raises(BootstrapRefused):
        await desk(bootstrap_admin, first_admin(secret=secret))


async def test_the_first_admin_needs_a_good_password(desk):
    with pytest.raises(Malformed):
        await desk(bootstrap_admin, first_admin(password="password1"))


async def test_staff_without_an_admin_does_not_close_the_way(desk):
    await desk.account(**CLERK)

    assert await desk(bootstrap_admin, first_admin())
