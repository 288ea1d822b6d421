"""The composition root of catalog."""

from services.catalog import invariants
from services.catalog.handlers import commands, events, jobs, queries
from services.catalog.handlers.jobs import imports, price_changes
from services.catalog.handlers.loading.shelves import SHELF
from services.catalog.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    SHELF.most = settings.looks_kept
    return create_service(
        "catalog",
        settings,
        handlers=(*commands.ALL, *queries.ALL, events, *jobs.ALL),
        invariants=invariants.ALL,
        given_up={price_changes.ChangePrices: price_changes.give_up} | dict.fromkeys(imports.STEPS, imports.give_up),
    )
