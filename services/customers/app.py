"""The composition root of customers."""

from services.customers import invariants
from services.customers.handlers import commands, events, queries
from shared.service import Service, create_service
from shared.settings import ServiceSettings


def create_app(settings: ServiceSettings | None = None) -> Service:
    return create_service(
        "customers",
        settings or ServiceSettings(),
        handlers=(commands, queries, events),
        invariants=invariants.ALL,
    )
