"""Accounts: opened, closed, opened again, given other roles. The first of all by whoever holds the secret."""

import hmac
from uuid import UUID

from services.identity import repository, settings
from services.identity.domain import accounts, hashing, passwords, roles
from services.identity.handlers.recording import record
from services.identity.models import REASON_LENGTH, Account, Outcome, Subject
from shared.contracts.actor import ActorType
from shared.contracts.identity import (
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountSnapshot,
    AccountView,
    BootstrapAdmin,
    BootstrapRefused,
    ChangeRoles,
    CreateAccount,
    DisableAccount,
    EmailTaken,
    EnableAccount,
    LastAdmin,
    LinkSubject,
    Role,
    RolesChanged,
    SubjectTaken,
)
from shared.contracts.values import Secret
from shared.database.rows import raise_version
from shared.kernel.ids import new_id
from shared.kernel.problems import IdempotencyMismatch
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def create_account(command: CreateAccount, work: Work) -> AccountView:
    id_ = work.made_id(CreateAccount.subject)
    if made := await _made_before(id_, work):
        return AccountView.model_validate(made)
    actor_id = accounts.stands_for(command.type, id_, command.actor_id)
    link = _link_wanted(id_, command.external_subject, command.external_issuer)
    account = Account(
        id=id_,
        email=command.email,
        name=command.name,
        type=command.type,
        actor_id=actor_id,
        roles=roles.fitting(command.type, command.roles),
        locale=command.locale,
        request_hash=work.digest and await hashing.hashed(work.digest.hex()),
    )
    await _give_password(work, account, command.password, command.external_subject)
    return await _opened(work, account, link)


@handler
async def bootstrap_admin(command: BootstrapAdmin, work: Work) -> AccountView:
    _check_bootstrap_secret(command.secret)
    id_ = new_id()
    link = _link_wanted(id_, command.external_subject, None, "/external_subject")
    account = Account(
        id=id_,
        email=command.email,
        name=command.name,
        type=ActorType.STAFF,
        actor_id=id_,
        roles=[Role.ADMIN],
        locale="fr",
    )
    async with work.look() as reading:
        if await repository.an_admin_exists(reading):
            raise BootstrapRefused
    await _give_password(work, account, command.password, command.external_subject)
    # Two at once make one admin: whoever waited here finds the other's.
    await repository.lock_admins(work.session)
    if await repository.an_admin_exists(work.session):
        raise BootstrapRefused
    return await _opened(work, account, link)


@handler
async def disable_account(command: DisableAccount, work: Work) -> AccountView:
    account = await _to_change(work, command.id)
    if account.disabled:
        return AccountView.model_validate(account)
    await _check_admins_left(work, account)
    raise_version(account)
    account.disabled = True
    await repository.end_sessions(work.session, account.id, work.as_of)
    record(work, Outcome.DISABLED, account, reason=command.reason)
    work.emit(AccountDisabled(account=_snapshot(account), reason=command.reason))
    return AccountView.model_validate(account)


@handler
async def enable_account(command: EnableAccount, work: Work) -> AccountView:
    account = await _to_change(work, command.id)
    if not account.disabled:
        return AccountView.model_validate(account)
    raise_version(account)
    account.disabled = False
    record(work, Outcome.ENABLED, account)
    work.emit(AccountEnabled(account=_snapshot(account)))
    return AccountView.model_validate(account)


@handler
async def change_roles(command: ChangeRoles, work: Work) -> AccountView:
    account = await _to_change(work, command.id)
    wanted = roles.fitting(account.type, command.roles)
    raise_version(account, command.expected_version)
    if Role.ADMIN not in wanted:
        await _check_admins_left(work, account)
    record(work, Outcome.ROLES_CHANGED, account, reason=f"from {','.join(account.roles)} to {','.join(wanted)}")
    account.roles = list(wanted)
    work.emit(RolesChanged(account=_snapshot(account)))
    return AccountView.model_validate(account)


@handler
async def link_subject(command: LinkSubject, work: Work) -> AccountView:
    link = _link_to(command.id, command.external_subject, command.external_issuer)
    account = await repository.account_to_change(work.session, command.id)
    raise_version(account, command.expected_version)
    await repository.unlink_subject(work.session, link.issuer, account.id)
    await _keep_link(work, link)
    reason = f"to {link.subject} of {link.issuer}"
    record(work, Outcome.SUBJECT_LINKED, account, reason=reason[:REASON_LENGTH])
    return AccountView.model_validate(account)


async def _made_before(id_: UUID, work: UnitOfWork) -> Account | None:
    """Return the account this very request opened so long ago that its answer is no longer kept.

    Raises IdempotencyMismatch when the key came with another body then. What is kept of that body is hashed as a
    password is, since it held one: a bare digest, kept for good, would let passwords be guessed at full speed.
    """
    async with work.look() as reading:
        made = await reading.get(Account, id_)
    if made is None or made.request_hash is None:
        return made
    if work.digest is None or not await hashing.matches(made.request_hash, work.digest.hex()):
        raise IdempotencyMismatch
    return made


async def _give_password(work: UnitOfWork, account: Account, password: Secret | None, subject: str | None) -> None:
    """Keep the password's hash, if there is one; done before the transaction begins, since hashing takes its time."""
    accounts.check_way_in(password is not None, subject is not None, settings.current().jwks_url is not None)
    if password is not None:
        passwords.check(password.get_secret_value(), account.email)
        account.password_hash = await hashing.hashed(password.get_secret_value())
        account.password_set_at = work.as_of


async def _opened(work: UnitOfWork, account: Account, link: Subject | None) -> AccountView:
    if await repository.email_taken(work.session, account.email):
        raise EmailTaken
    account.disabled, account.version, account.created_at = False, 1, work.as_of
    work.session.add(account)
    await work.session.flush()
    if link is not None:
        await _keep_link(work, link)
    record(work, Outcome.CREATED, account)
    work.emit(AccountCreated(account=_snapshot(account)))
    return AccountView.model_validate(account)


def _link_wanted(
    account_id: UUID, subject: str | None, issuer: str | None, pointer: str = "/external_issuer"
) -> Subject | None:
    return _link_to(account_id, subject, issuer, pointer) if subject is not None else None


def _link_to(account_id: UUID, subject: str, issuer: str | None, pointer: str = "/external_issuer") -> Subject:
    rules = settings.current()
    trusted = rules.issuer if rules.jwks_url is not None else None
    meant = accounts.issuer_meant(issuer, trusted, pointer)
    return Subject(issuer=meant, subject=subject, account_id=account_id)


async def _keep_link(work: UnitOfWork, link: Subject) -> None:
    if await repository.subject_taken(work.session, link.issuer, link.subject):
        raise SubjectTaken
    work.session.add(link)


async def _to_change(work: UnitOfWork, id_: UUID) -> Account:
    # Before the row: whether another admin is left must not change until this is decided.
    await repository.lock_admins(work.session)
    return await repository.account_to_change(work.session, id_)


async def _check_admins_left(work: UnitOfWork, account: Account) -> None:
    """Raise LastAdmin when a change would leave nobody to run the shop."""
    is_open_admin = Role.ADMIN in account.roles and not account.disabled
    if is_open_admin and not await repository.another_admin_is_open(work.session, besides=account.id):
        raise LastAdmin


def _check_bootstrap_secret(given: Secret) -> None:
    wanted = settings.current().bootstrap_secret
    expected = wanted.get_secret_value().encode() if wanted else b""
    if not hmac.compare_digest(given.get_secret_value().encode(), expected) or not expected:
        raise BootstrapRefused


def _snapshot(account: Account) -> AccountSnapshot:
    return AccountSnapshot.model_validate(account)
