"""/livez, /readyz, /metrics: what operators and load balancers ask. Not part of the public API."""

import hmac

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import JSON
from services.gateway.problems import RouteNotFound
from services.gateway.routing import Route
from services.gateway.settings import Settings
from shared.health import Health

router = APIRouter(route_class=Route, include_in_schema=False)


@router.get("/livez")
async def livez(request: Request) -> Response:
    """Tell that the process is alive."""
    return Response(b'{"alive": true}', media_type=JSON)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Tell whether it can do its work, and what keeps it from it."""
    health: Health = request.app.state.health
    troubles = await health.troubles()
    headers = {"Retry-After": "1"} if troubles else {}
    return Response(to_json({"ready": not troubles, "troubles": troubles}), 503 if troubles else 200, headers, JSON)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Tell what was measured, for Prometheus, to whoever shows the token; to anybody else there is nothing here."""
    settings: Settings = request.app.state.settings
    if settings.metrics_token is None or not _shows(request, settings.metrics_token.get_secret_value()):
        raise RouteNotFound
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _shows(request: Request, token: str) -> bool:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    # In constant time: how long it takes must not tell how much of a guess is right.
    return scheme.lower() == "bearer" and hmac.compare_digest(shown.encode("latin-1"), token.encode())
