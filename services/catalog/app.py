"""The composition root of catalog."""

from services.catalog import invariants
from services.catalog.handlers import events, jobs, queries
from services.catalog.handlers.commands import holds, prices, products, stock
from shared.service import Service, create_service
from shared.settings import ServiceSettings


def create_app(settings: ServiceSettings | None = None) -> Service:
    return create_service(
        "catalog",
        settings or ServiceSettings(),
        handlers=(products, prices, stock, holds, queries, events, jobs),
        invariants=invariants.ALL,
    )
