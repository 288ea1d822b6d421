"""/v1/accounts: who may sign in, and with which roles."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.identity import (
    AccountNotFound,
    ChangeRoles,
    CreateAccount,
    DisableAccount,
    EmailTaken,
    EnableAccount,
    GetAccount,
    LinkSubject,
    ListAccounts,
    SubjectTaken,
)

router = resource("/accounts", "accounts")


@router.get("")
async def list_accounts(request: Request, query: Asked[ListAccounts], ask: Ask) -> Response:
    """List accounts."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(EmailTaken, SubjectTaken))
async def create_account(command: Sent[CreateAccount], ask: Ask) -> Response:
    """Open an account."""
    return created(await ask.forward(command), "/v1/accounts/{id}")


@router.get("/{id}", responses=refusing(AccountNotFound))
async def get_account(query: Asked[GetAccount], ask: Ask) -> Response:
    """Show an account."""
    return shown(await ask.forward(query))


@router.post("/{id}/closure", responses=refusing(AccountNotFound))
async def close_account(command: Sent[DisableAccount], ask: Ask) -> Response:
    """Close an account; its sessions end within seconds."""
    return shown(await ask.forward(command))


@router.post("/{id}/reopening", responses=refusing(AccountNotFound))
async def reopen_account(command: Sent[EnableAccount], ask: Ask) -> Response:
    """Open a closed account again."""
    return shown(await ask.forward(command))


@router.put("/{id}/roles", responses=refusing(AccountNotFound))
async def change_roles(command: Sent[ChangeRoles], ask: Ask) -> Response:
    """Give an account other roles."""
    return shown(await ask.forward(command))


@router.put("/{id}/subject", responses=refusing(AccountNotFound, SubjectTaken))
async def link_subject(command: Sent[LinkSubject], ask: Ask) -> Response:
    """Link an account to who they are at your own identity provider."""
    return shown(await ask.forward(command))
