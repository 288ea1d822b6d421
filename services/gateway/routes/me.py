"""/v1/me: the caller's own account, with the customer or agent it signs in."""

from starlette.responses import Response

from services.gateway.answers import done, gathered
from services.gateway.deps import Ask, Sent
from services.gateway.routing import answering, refusing, resource
from shared.contracts.actor import ActorType
from shared.contracts.agents.agents import AgentView, GetAgent
from shared.contracts.base import Contract
from shared.contracts.customers.customers import CustomerView, GetCustomer
from shared.contracts.identity import AccountView, ChangePassword, GetAccount, SignInFailed
from shared.messaging.rpc import RawReply

router = resource("/me", "me")


class Me(Contract):
    """Who is signed in: the account, and the customer or the agent behind it."""

    account: AccountView
    customer: CustomerView | None
    agent: AgentView | None


@router.get("", openapi_extra=answering(Me, asks=(GetAccount,)))
async def get_me(ask: Ask) -> Response:
    """Show who is signed in."""
    account = await ask(GetAccount())
    customer = await ask.forward(GetCustomer()) if account.type is ActorType.CUSTOMER else None
    agent = await ask.forward(GetAgent()) if account.type is ActorType.AGENT else None
    return gathered(account=RawReply(account.model_dump_json().encode()), customer=customer, agent=agent)


@router.put("/password", status_code=204, responses=refusing(SignInFailed))
async def change_password(command: Sent[ChangePassword], ask: Ask) -> Response:
    """Change one's own password; other sessions end."""
    return done(await ask.forward(command))
