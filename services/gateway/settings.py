"""What the gateway must be told besides where the bus is."""

from pydantic import Field, SecretStr, field_validator

from shared.settings import BusSettings


class Settings(BusSettings):
    """The gateway's own settings. Limits are kept by each process for itself; 0 turns one off."""

    public_url: str = Field(
        default="", description="Where clients reach the gateway, such as https://api.example.com; shown in OpenAPI."
    )
    cors_origins: list[str] = Field(
        default_factory=list,
        description='Origins whose pages may call the API, spelled out, as a JSON list: ["https://shop.example.com"].',
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies of ours stand in front; that many entries of X-Forwarded-For are believed.",
    )
    reads_per_minute: int = Field(default=600, ge=0, description="Reads that one caller may send each minute.")
    writes_per_minute: int = Field(default=60, ge=0, description="Changes that one caller may send each minute.")
    images_per_minute: int = Field(
        default=6000, ge=0, description="Pictures that one caller may fetch each minute; a page shows dozens."
    )
    sign_ins_per_minute: int = Field(
        default=20, ge=0, description="Sign-ins that may come from one client address each minute."
    )
    body_limit: int = Field(default=1 << 20, ge=1, description="Bytes that a request's body may have, at most.")
    upload_limit: int = Field(
        default=200 * 1024 * 1024, ge=1, description="Bytes that an uploaded file may have, at most."
    )
    json_depth: int = Field(default=20, ge=1, description="How deep the JSON of a body may be nested, at most.")
    event_streams: int = Field(default=100, ge=0, description="Event streams that may be open at once, at most.")

    metrics_token: SecretStr | None = Field(
        default=None,
        description="What /metrics wants to be shown as `Authorization: Bearer …`; unset, there is no /metrics, since "
        "the gateway's door is everybody's.",
    )

    @field_validator("metrics_token")
    @classmethod
    def _empty_is_unset(cls, token: SecretStr | None) -> SecretStr | None:
        return token if token and token.get_secret_value() else None

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            scheme, separator, host = origin.partition("://")
            if not separator or scheme not in ("http", "https") or not host or set(host) & set("/*? "):
                raise ValueError(f"{origin!r} is not an origin such as https://shop.example.com")
        return origins
