"""/v1/operations: where each service stands on the bus, and what an operator decides about it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import done, listed, passed
from services.gateway.deps import Ask, Asked, Asking, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.operations import (
    DiscardParked,
    HearAgain,
    ListParked,
    NotHeardYet,
    NotParked,
    NotTheHead,
    ReadStatus,
    Reconcile,
    RetryParked,
)
from shared.contracts.registry import owners
from shared.kernel.problems import NotFound
from shared.messaging.rpc import RawReply

PARKED = "/{service}/parked/{producer}/{seq}/{handler}"
router = resource("/operations", "operations")


class ServiceNotFound(NotFound):
    """There is no service of this name; details name those there are."""


@router.get("/{service}/status", responses=refusing(ServiceNotFound))
async def read_status(query: Asked[ReadStatus], ask: Ask) -> Response:
    """Show where a service stands on the bus."""
    return passed(await _forward(ask, query))


@router.get("/{service}/parked", responses=refusing(ServiceNotFound))
async def list_parked(request: Request, query: Asked[ListParked], ask: Ask) -> Response:
    """List the events a service has set aside."""
    return listed(await _forward(ask, query), request)


@router.post(f"{PARKED}/retry", status_code=204, responses=refusing(ServiceNotFound, NotParked, NotTheHead))
async def retry_parked(command: Sent[RetryParked], ask: Ask) -> Response:
    """Give a parked event another series of tries."""
    return done(await _forward(ask, command))


@router.post(f"{PARKED}/discard", status_code=204, responses=refusing(ServiceNotFound, NotParked, NotTheHead))
async def discard_parked(command: Sent[DiscardParked], ask: Ask) -> Response:
    """Give a parked event up for good."""
    return done(await _forward(ask, command))


@router.post("/{service}/replays", status_code=204, responses=refusing(ServiceNotFound, NotHeardYet))
async def hear_again(command: Sent[HearAgain], ask: Ask) -> Response:
    """Have a service hear a producer's events again."""
    return done(await _forward(ask, command))


@router.get("/{service}/drift", responses=refusing(ServiceNotFound))
async def reconcile(query: Asked[Reconcile], ask: Ask) -> Response:
    """Have a service compare its rows with its invariants."""
    return passed(await _forward(ask, query))


async def _forward(ask: Asking, request: Any) -> RawReply:
    # The name becomes part of a subject, so only a known one may.
    if request.service not in owners():
        raise ServiceNotFound(services=list(owners()))
    return await ask.forward(request)
