"""The composition root of notifications."""

from services.notifications import invariants
from services.notifications.handlers import commands, events, jobs, queries
from services.notifications.settings import Settings, use
from shared.service import Service, create_service


def create_app(settings: Settings | None = None) -> Service:
    settings = settings or Settings()
    use(settings)
    return create_service(
        "notifications",
        settings,
        handlers=(commands, queries, events, jobs),
        invariants=invariants.ALL,
        given_up={jobs.SendMail: jobs.give_up},
    )
