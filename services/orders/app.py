"""The composition root of orders."""

from services.orders import invariants
from services.orders.handlers import events, queries
from services.orders.handlers.commands import orders, payments
from services.orders.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    return create_service("orders", settings, handlers=(orders, payments, queries, events), invariants=invariants.ALL)
