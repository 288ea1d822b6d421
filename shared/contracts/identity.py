"""Identity: who may sign in, and with which roles.

Owner: services/identity. It alone handles these requests and emits these events.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.base import ANY_SERVICE, GATEWAY, Command, Contract, Event, Query
from shared.contracts.values import Done, Email, Line, Locale, Page, PageSize, Secret, Text
from shared.kernel.problems import Conflict, Forbidden, NotFound, TooManyRequests, Unauthorized

EVERYONE = GATEWAY | {ANY_SERVICE}
PUBLIC, WRITE = {Permission.PUBLIC}, {Permission.ACCOUNTS_WRITE}
Password = Annotated[Secret, Field(min_length=8, max_length=128)]
ExternalName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,255}$")]


class Role(StrEnum):
    """A named set of permissions; services/identity/domain/roles.py says which."""

    ADMIN = "admin"
    ORDER_CLERK = "order_clerk"
    CATALOGUE_MANAGER = "catalogue_manager"
    ACCOUNTANT = "accountant"
    AGENT = "agent"
    CUSTOMER = "customer"


class AccountView(Contract):
    """An account, without its secrets."""

    id: UUID
    email: Email
    name: Text
    type: ActorType
    actor_id: UUID
    roles: list[Role]
    locale: Locale
    disabled: bool
    created_at: datetime
    version: int


class TokenPair(Contract):
    """What a signed-in caller holds. Seconds until each token ends."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme of RFC 6750, not a secret
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


class SigningKeys(Contract):
    """The public keys (RFC 7517) that access tokens are verified with."""

    keys: list[dict[str, Any]]


class AccountSnapshot(Contract):
    """An account as events tell it."""

    id: UUID
    version: int
    email: Email
    name: Text
    type: ActorType
    actor_id: UUID
    roles: list[Role]
    disabled: bool


class AccountNotFound(NotFound):
    """There is no such account."""


class EmailTaken(Conflict):
    """Another account already signs in with this address; use another one."""


class SubjectTaken(Conflict):
    """This subject of the other issuer already stands for an account; a subject has one account."""


class LastAdmin(Conflict):
    """The shop would be left without an open admin account; make another account an admin first."""


class SignInElsewhere(Conflict):
    """This shop signs people in at its own identity provider; get an access token there."""


class SignInFailed(Unauthorized):
    """The address or the password is wrong, or the account is closed."""


class SignInThrottled(TooManyRequests):
    """Too many failed sign-ins; wait a little, then try again."""


class RefreshRefused(Unauthorized):
    """This refresh token is no longer valid; sign in again."""


class BootstrapRefused(Forbidden):
    """The first admin exists already, or the bootstrap secret is wrong."""


class SignIn(Command[TokenPair], subject="identity.sign_in.v1", allow=PUBLIC, sealed=True):
    """Opens a session with an address and a password."""

    email: Email
    password: Secret = Field(min_length=1, max_length=128)
    client_address: Line | None = Field(default=None, max_length=64)


class RefreshTokens(Command[TokenPair], subject="identity.refresh_tokens.v1", allow=PUBLIC, sealed=True):
    """Exchanges a refresh token for a new pair; an old one used again ends the whole session."""

    refresh_token: Secret = Field(min_length=1, max_length=200)


class SignOut(Command[Done], subject="identity.sign_out.v1", allow=PUBLIC, keyed=False):
    """Ends the session a refresh token belongs to."""

    refresh_token: Secret = Field(min_length=1, max_length=200)


class BootstrapAdmin(Command[AccountView], subject="identity.bootstrap_admin.v1", allow=PUBLIC, keyed=False):
    """Creates the first admin, once, for whoever holds the bootstrap secret."""

    secret: Secret
    email: Email
    name: Text
    password: Password | None = None
    external_subject: ExternalName | None = Field(default=None, description="Who they are at another OIDC issuer.")


class CreateAccount(Command[AccountView], subject="identity.create_account.v1", allow=WRITE):
    """Opens an account for a staff member, an agent or a customer."""

    type: ActorType
    actor_id: UUID | None = Field(default=None, description="The agent or customer it signs in; staff need none.")
    email: Email
    name: Text
    password: Password | None = Field(default=None, description="Needed unless an external subject signs in.")
    roles: list[Role] = Field(min_length=1)
    locale: Locale = "fr"
    external_subject: ExternalName | None = Field(default=None, description="Its `sub` at another OIDC issuer.")
    external_issuer: ExternalName | None = Field(default=None, description="That issuer; unset, the one trusted here.")


class DisableAccount(Command[AccountView], subject="identity.disable_account.v1", allow=WRITE, keyed=False):
    """Closes an account and ends its sessions everywhere within seconds."""

    id: UUID
    reason: Text


class EnableAccount(Command[AccountView], subject="identity.enable_account.v1", allow=WRITE, keyed=False):
    """Opens a disabled account again."""

    id: UUID


class ChangeRoles(Command[AccountView], subject="identity.change_roles.v1", allow=WRITE, keyed=False):
    """Gives an account other roles; they hold from its next access token on."""

    id: UUID
    roles: list[Role] = Field(min_length=1)
    expected_version: int


class LinkSubject(Command[AccountView], subject="identity.link_subject.v1", allow=WRITE, keyed=False):
    """Links an account to who they are at another OIDC issuer, in place of the subject it had there."""

    id: UUID
    external_subject: ExternalName = Field(description="Their `sub` there.")
    external_issuer: ExternalName | None = Field(default=None, description="That issuer; unset, the one trusted here.")
    expected_version: int


class ChangePassword(Command[Done], subject="identity.change_password.v1", allow={Permission.ACCOUNT_OWN}, keyed=False):
    """Gives the caller's account a new password and ends its other sessions."""

    current_password: Secret = Field(min_length=1, max_length=128)
    new_password: Password
    refresh_token: Secret | None = Field(
        default=None, max_length=200, description="That of the session to keep; unset, every session ends."
    )


class GetAccount(
    Query[AccountView], subject="identity.get_account.v1", allow={Permission.ACCOUNTS_READ, Permission.ACCOUNT_OWN}
):
    """Returns one account; without an id, the caller's own."""

    id: UUID | None = None


class ListAccounts(Query[Page[AccountView]], subject="identity.list_accounts.v1", allow={Permission.ACCOUNTS_READ}):
    """Returns accounts, newest first."""

    type: ActorType | None = None
    q: Line | None = Field(default=None, max_length=100)
    cursor: str | None = None
    limit: PageSize = 20


class GetSigningKeys(Query[SigningKeys], subject="identity.get_signing_keys.v1", allow=PUBLIC, asked_by=EVERYONE):
    """Returns the keys that access tokens are verified with."""


class ResolveSubject(Query[Actor], subject="identity.resolve_subject.v1", allow=PUBLIC, asked_by=EVERYONE):
    """Returns the actor that another issuer's subject stands for, with the permissions of its account."""

    issuer: str
    external_subject: str


class AccountCreated(Event, subject="identity.account_created.v1", aggregate="account.id"):
    """Somebody can sign in who could not before."""

    account: AccountSnapshot


class AccountDisabled(Event, subject="identity.account_disabled.v1", aggregate="account.id"):
    """An account was closed; its tokens are refused from now on."""

    account: AccountSnapshot
    reason: Text


class AccountEnabled(Event, subject="identity.account_enabled.v1", aggregate="account.id"):
    """A closed account is open again."""

    account: AccountSnapshot


class RolesChanged(Event, subject="identity.roles_changed.v1", aggregate="account.id"):
    """An account has other roles."""

    account: AccountSnapshot
