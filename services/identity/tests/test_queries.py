"""Questions: one's own account, the lists of staff, public keys, another issuer's subjects."""

from datetime import timedelta

import pytest

from services.identity.handlers.commands.accounts import disable_account
from services.identity.handlers.queries import get_account, get_signing_keys, list_accounts, resolve_subject
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.identity import (
    AccountNotFound,
    DisableAccount,
    GetAccount,
    GetSigningKeys,
    ListAccounts,
    ResolveSubject,
    Role,
)
from shared.kernel.ids import new_id

from .conftest import ADMIN, NOON


def signed_in(account) -> Actor:
    return Actor(
        type=account.type, id=account.actor_id, account_id=account.id, permissions=frozenset({Permission.ACCOUNT_OWN})
    )


async def test_everyone_reads_their_own_account_and_nobody_elses(desk):
    mine, other = await desk.account(), await desk.account("other@shop.example")

    assert await desk(get_account, GetAccount(), signed_in(mine)) == mine
    assert await desk(get_account, GetAccount(id=mine.id), signed_in(mine)) == mine
    for hidden in (other.id, new_id()):
        with pytest.raises(AccountNotFound):
            await desk(get_account, GetAccount(id=hidden), signed_in(mine))


async def test_an_admin_reads_any_account(desk):
    account = await desk.account()

    assert await desk(get_account, GetAccount(id=account.id), ADMIN) == account
    with pytest.raises(AccountNotFound):
        await desk(get_account, GetAccount(id=new_id()), ADMIN)


async def test_lists_are_filtered_and_paged_newest_first(desk):
    agent = {"type": ActorType.AGENT, "actor_id": new_id(), "roles": [Role.AGENT]}
    first = await desk.account("first@shop.example", name="Ann Able")
    second = await desk.account("second@shop.example", **agent)
    third = await desk.account("third@shop.example", name="100% Ann")

    page = await desk(list_accounts, ListAccounts(limit=2), ADMIN)
    rest = await desk(list_accounts, ListAccounts(limit=2, cursor=page.next), ADMIN)
    assert {account.id for account in page.items + rest.items} == {first.id, second.id, third.id}
    assert (len(page.items), len(rest.items), rest.next) == (2, 1, None)

    async def found(**which):
        return {account.id for account in (await desk(list_accounts, ListAccounts(**which), ADMIN)).items}

    assert await found(type=ActorType.AGENT) == {second.id}
    assert await found(q="ann") == {first.id, third.id}
    assert await found(q="SECOND@") == {second.id}
    assert await found(q="100%") == {third.id}


async def test_a_list_is_one_statement(desk, statements):
    for number in range(5):
        await desk.account(f"user{number}@shop.example")
    statements.clear()

    await desk(list_accounts, ListAccounts(), ADMIN)

    assert len(statements) == 1


async def test_the_keys_are_public_halves_only(desk):
    await desk.account()
    assert (await desk(get_signing_keys, GetSigningKeys())).keys == []
    await desk.sign_in()
    await desk.sign_in(at=NOON + timedelta(days=1))

    [key] = (await desk(get_signing_keys, GetSigningKeys())).keys

    assert {"kty", "crv", "x", "kid", "use", "alg"} == set(key)


async def test_a_linked_subject_stands_for_its_account(desk):
    account = await desk.account(password=None, external_subject="auth0|7", external_issuer="https://login.example")

    actor = await desk(resolve_subject, ResolveSubject(issuer="https://login.example", external_subject="auth0|7"))

    assert (actor.type, actor.id, actor.account_id, actor.name) == (ActorType.STAFF, account.id, account.id, "Nora")
    assert Permission.PRICES_WRITE in actor.permissions


async def test_a_subject_stands_for_nobody_else(desk):
    account = await desk.account(external_subject="auth0|7", external_issuer="https://login.example")
    for issuer, subject in (
        ("https://login.example", "auth0|8"),
        ("https://evil.example", "auth0|7"),
        ("https://login.example", str(account.id)),
        ("courtier", "auth0|7"),
        ("courtier", str(account.id)),
    ):
        with pytest.raises(AccountNotFound):
            await desk(resolve_subject, ResolveSubject(issuer=issuer, external_subject=subject))


async def test_a_closed_accounts_subject_stands_for_nobody(desk):
    await desk.account("boss@shop.example")
    account = await desk.account(external_subject="auth0|7", external_issuer="https://login.example")
    await desk(disable_account, DisableAccount(id=account.id, reason="left"), ADMIN)

    with pytest.raises(AccountNotFound):
        await desk(resolve_subject, ResolveSubject(issuer="https://login.example", external_subject="auth0|7"))
