"""What agents needs to be told besides: how deep a team may be."""

from pydantic import Field

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Everything agents must be told."""

    max_team_levels: int = Field(
        default=3,
        ge=0,
        description="How many levels of agents may stand below the shop: 3 is an agent, theirs, and those of these. "
        "0: any number. Teams that are deeper already stay as they are.",
    )


_settings: Settings | None = None


def use(settings: Settings) -> None:
    """Make these the settings of this process; the composition root says so once."""
    global _settings
    _settings = settings


def current() -> Settings:
    """Return the settings of this process."""
    if _settings is None:
        raise RuntimeError("create_app names the settings before the first message")
    return _settings
