"""The composition root of agents."""

from services.agents import invariants
from services.agents.handlers import events, queries
from services.agents.handlers.commands import agents, groups, sales
from services.agents.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    return create_service(
        "agents",
        settings,
        handlers=(agents, groups, sales, queries, events),
        invariants=invariants.ALL,
    )
