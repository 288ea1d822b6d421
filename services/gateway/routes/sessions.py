"""/v1/sessions, /v1/bootstrap: signing in and out, and the first admin."""

from starlette.responses import Response

from services.gateway.answers import created, done, passed
from services.gateway.deps import Sent, VisitorAsk
from services.gateway.routing import refusing, resource
from shared.contracts.identity import (
    BootstrapAdmin,
    BootstrapRefused,
    RefreshRefused,
    RefreshTokens,
    SignIn,
    SignInElsewhere,
    SignInFailed,
    SignInThrottled,
    SignOut,
)

router = resource("", "sessions")


@router.post("/sessions", status_code=201, responses=refusing(SignInFailed, SignInThrottled, SignInElsewhere))
async def sign_in(command: Sent[SignIn], ask: VisitorAsk) -> Response:
    """Sign in with an address and a password."""
    return passed(await ask.forward(command), 201)


@router.post("/sessions/refresh", responses=refusing(RefreshRefused, SignInElsewhere))
async def refresh_session(command: Sent[RefreshTokens], ask: VisitorAsk) -> Response:
    """Exchange a refresh token for a new pair of tokens."""
    return passed(await ask.forward(command))


@router.delete("/sessions", status_code=204)
async def sign_out(command: Sent[SignOut], ask: VisitorAsk) -> Response:
    """Sign out: end the session of a refresh token."""
    return done(await ask.forward(command))


@router.post("/bootstrap", status_code=201, responses=refusing(BootstrapRefused))
async def bootstrap_admin(command: Sent[BootstrapAdmin], ask: VisitorAsk) -> Response:
    """Create the first admin, once."""
    return created(await ask.forward(command), "/v1/accounts/{id}")
