"""What identity needs besides: the secrets it is trusted with, and how long tokens and keys live."""

from pydantic import Field, SecretStr

from shared.settings import InForce, ServiceSettings


class Settings(ServiceSettings):
    """Everything identity must be told."""

    signing_key_secret: SecretStr = Field(
        min_length=16, description="What the signing keys are encrypted with in the database; any long random text."
    )
    bootstrap_secret: SecretStr | None = Field(
        default=None, description="Whoever holds it creates the first admin, once; unset, nobody can."
    )
    access_token_seconds: int = Field(default=600, ge=30, le=600, description="How long an access token lives.")
    signing_key_days: int = Field(
        default=90, ge=1, le=365, description="After how many days a new key signs; the old one serves out its tokens."
    )


in_force = InForce[Settings]()
use, current = in_force.use, in_force.current
