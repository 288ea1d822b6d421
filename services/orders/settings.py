"""What orders needs besides: where the seller is, which decides the VAT."""

from pydantic import Field

from shared.contracts.values import Country
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Everything orders must be told."""

    seller_country: Country = Field(
        default="FR", description="The country the shop sells from, ISO 3166-1; its VAT rates apply."
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
