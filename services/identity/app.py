"""The composition root of identity."""

from services.identity import invariants
from services.identity.handlers import jobs, queries
from services.identity.handlers.commands import accounts, passwords, sessions
from services.identity.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    handlers = (accounts, passwords, sessions, queries, jobs)
    return create_service("identity", settings, handlers=handlers, invariants=invariants.ALL)
