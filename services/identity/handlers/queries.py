"""Questions about accounts and keys."""

from services.identity import repository
from services.identity.domain import roles
from services.identity.models import Account
from shared.contracts.actor import Actor, Permission
from shared.contracts.identity import (
    AccountNotFound,
    AccountView,
    GetAccount,
    GetSigningKeys,
    ListAccounts,
    ResolveSubject,
    Role,
    SigningKeys,
)
from shared.contracts.values import Page
from shared.database.pages import page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_account(query: GetAccount, work: Work) -> AccountView:
    id_ = query.id or work.actor.account_id
    if id_ is None or (id_ != work.actor.account_id and not work.actor.may(Permission.ACCOUNTS_READ)):
        raise AccountNotFound
    return AccountView.model_validate(await repository.account(work.session, id_))


@handler
async def list_accounts(query: ListAccounts, work: Work) -> Page[AccountView]:
    rows, following = await page(work.session, repository.accounts(query), Account, query.cursor, query.limit)
    return Page[AccountView](items=[AccountView.model_validate(row) for row in rows], next=following)


@handler
async def get_signing_keys(query: GetSigningKeys, work: Work) -> SigningKeys:
    return SigningKeys(keys=list(await repository.public_keys(work.session, work.as_of)))


@handler
async def resolve_subject(query: ResolveSubject, work: Work) -> Actor:
    account = await repository.account_behind(work.session, query.issuer, query.external_subject)
    # A closed account is as good as none: its tokens stand for nobody.
    if account is None or account.disabled:
        raise AccountNotFound
    return Actor(
        type=account.type,
        id=account.actor_id,
        account_id=account.id,
        name=account.name,
        permissions=frozenset(roles.permissions(Role(role) for role in account.roles)),
    )
