"""The composition root of customers."""

from faststream.asgi import AsgiFastStream

from services.customers import invariants
from services.customers.handlers import commands, events, queries
from shared.service import create_service
from shared.settings import ServiceSettings


def create_app(settings: ServiceSettings | None = None) -> AsgiFastStream:
    return create_service(
        "customers",
        settings or ServiceSettings(),
        handlers=(commands, queries, events),
        invariants=invariants.ALL,
    )
