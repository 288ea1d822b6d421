"""The composition root of the gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from services.gateway import problems
from services.gateway.connection import Connection
from services.gateway.documentation import Documentation
from services.gateway.door import Door
from services.gateway.door.limits import CallersKnown
from services.gateway.newsroom import Newsroom
from services.gateway.routes import ROUTERS
from services.gateway.settings import Settings
from shared import telemetry
from shared.health import Health
from shared.messaging.callers import Callers
from shared.stopping import told_to_stop

VERSION = "1.0.0"
NO_TELEMETRY_OF_ITS_OWN: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the gateway as an ASGI app."""
    settings = settings or Settings()
    telemetry.write_json_logs("gateway", settings.log_level)
    telemetry.enable_traces("gateway", settings.traces_url)
    connection = Connection(settings)
    app = FastAPI(
        title="Courtier",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY_OF_ITS_OWN,
        lifespan=_lifespan,
    )
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    app.add_exception_handler(HTTPException, problems.misdirected)
    app.state.settings = settings
    app.state.connection = connection
    app.state.asks = connection.asks
    app.state.callers_known = CallersKnown()
    app.state.newsroom = Newsroom(
        connection.nc, Callers.from_settings(settings, connection.ask), settings.event_streams
    )
    app.state.health = Health({"nats": connection.trouble})
    documentation = Documentation(app, settings.public_url)
    app.state.openapi, app.openapi = documentation.written, documentation.document  # type: ignore[method-assign]
    app.add_middleware(Door, settings=settings, known=app.state.callers_known)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    def leave() -> None:
        app.state.health.leaving = True
        app.state.newsroom.leaving.set()

    with told_to_stop(leave, app.state.settings.drain_seconds):
        await app.state.connection.open()
        async with app.state.newsroom.open():
            yield
        leave()
        await app.state.connection.close()
