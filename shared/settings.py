"""What every service must be told, from the environment; a service adds fields in a settings.py of its own."""

from ipaddress import ip_address
from typing import Generic, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class BusSettings(BaseSettings):
    """What a process needs to speak on the bus."""

    model_config = SettingsConfigDict(env_prefix="COURTIER_", extra="ignore")

    nats_url: str = Field(default="nats://127.0.0.1:4222", description="Where NATS listens.")
    nats_user: str = Field(default="", description="The service's NATS user; empty where NATS asks for none.")
    nats_password: SecretStr = Field(default=SecretStr(""), description="The password of that user.")
    issuer: str = Field(default="courtier", description="The `iss` that access tokens must carry.")
    audience: str = Field(default="courtier", description="The `aud` that access tokens must carry.")
    jwks_url: str | None = Field(
        default=None,
        description="Where another OIDC issuer publishes its keys, over https; unset, identity's own keys are used.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="What is logged.")
    drain_seconds: float = Field(
        default=1.0,
        ge=0,
        le=60,
        description="Seconds between saying not ready and closing the door at a stop; give load balancers that long.",
    )
    traces_url: str | None = Field(default=None, description="OTLP/HTTP endpoint for traces; unset, none are made.")

    @field_validator("jwks_url")
    @classmethod
    def _keys_come_unaltered(cls, url: str | None) -> str | None:
        """Refuse keys over plain http: whoever sits on the way could put in their own and sign in as anybody."""
        if url is None:
            return None
        parts = urlsplit(url)
        if not parts.hostname or parts.scheme not in ("https", "http"):
            raise ValueError(f"COURTIER_JWKS_URL must be an https:// URL, not {url!r}")
        if parts.scheme == "http" and not _is_this_machine(parts.hostname):
            raise ValueError(
                f"COURTIER_JWKS_URL {url!r} could be altered on its way: write https:// (http:// is for loopback)"
            )
        return url

    @model_validator(mode="after")
    def _another_issuer_has_a_name(self) -> Self:
        """Refuse keys of an issuer whose name is not said: every token would be refused, and nothing would tell why."""
        if self.jwks_url is not None and "issuer" not in self.model_fields_set:
            raise ValueError("COURTIER_JWKS_URL names another issuer's keys; say in COURTIER_ISSUER who that issuer is")
        return self


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class ServiceSettings(BusSettings):
    """What a service that owns data needs besides."""

    database_url: SecretStr = Field(
        description="postgresql+asyncpg://user:password@host:port/database of this service."
    )
    database_pool: int = Field(default=8, ge=2, le=100, description="Connections kept for requests, at most.")
    request_lanes: int = Field(
        default=8, ge=1, le=64, description="Serial subscriptions per request in one queue group: how many run at once."
    )


S = TypeVar("S", bound=BaseSettings)


class InForce(Generic[S]):
    """The settings of this process, where handlers find them: the composition root names them once."""

    def __init__(self) -> None:
        self.settings: S | None = None

    def use(self, settings: S) -> None:
        """Make these the settings of this process."""
        self.settings = settings

    def current(self) -> S:
        """Return the settings of this process. Raises RuntimeError before they are named."""
        if self.settings is None:
            raise RuntimeError("create_app names the settings before the first message")
        return self.settings
