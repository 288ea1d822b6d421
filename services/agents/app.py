"""The composition root of agents."""

from services.agents import invariants
from services.agents.handlers import commands, events, queries
from services.agents.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    return create_service("agents", settings, handlers=(commands, queries, events), invariants=invariants.ALL)
