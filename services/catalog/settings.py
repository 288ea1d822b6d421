"""What catalog needs besides: where it keeps the pictures of products, and how much it remembers of their looks."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from shared.settings import InForce, ServiceSettings


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("write it as https://images.example, or leave it empty")
    return url.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(ServiceSettings):
    """Everything catalog must be told."""

    images_folder: Path = Field(
        default=Path(".data/images"),
        description="The folder that keeps the pictures of products. Several replicas of catalog need the same one, on "
        "a volume they share, or a bucket.",
    )
    images_bucket: str = Field(
        default="", description="The bucket that keeps them in place of a folder, at Amazon S3 or what speaks like it."
    )
    images_endpoint: WebAddress = Field(
        default="", description="Where that storage listens, such as https://s3.example; empty: Amazon's own address."
    )
    images_region: str = Field(default="us-east-1", description="The bucket's region.")
    images_access_key: SecretStr = Field(
        default=SecretStr(""),
        description="The access key of an account that may read, write and delete in the bucket; empty: what the "
        "machine itself is given, such as a role.",
    )
    images_secret_key: SecretStr = Field(default=SecretStr(""), description="The secret key of that account.")
    images_public_url: WebAddress = Field(
        default="",
        description="Where the web reads folder or bucket directly, such as a CDN; views then name pictures there. "
        "Empty: the gateway hands them out.",
    )

    images_swept: bool = Field(
        default=True,
        description="Whether files that no product of this database shows are deleted after two days. Set it to false "
        "where another database has its pictures in the same folder or bucket, such as a copy of it.",
    )
    looks_kept: int = Field(
        default=8_000_000,
        ge=0,
        description="Bytes of memory for how products look to whom, some thousand of them; what does not fit is "
        "computed again when it is asked for. More pays for a shop of many goods that few groups see.",
    )

    @model_validator(mode="after")
    def _keys_come_together(self) -> Self:
        """Refuse half of an account: every picture would be refused, and nothing would tell why."""
        if bool(self.images_access_key.get_secret_value()) != bool(self.images_secret_key.get_secret_value()):
            raise ValueError("give both COURTIER_IMAGES_ACCESS_KEY and COURTIER_IMAGES_SECRET_KEY, or neither")
        if self.images_endpoint and not self.images_bucket:
            raise ValueError("COURTIER_IMAGES_ENDPOINT needs COURTIER_IMAGES_BUCKET, the bucket that is there")
        return self


in_force = InForce[Settings]()
use, current = in_force.use, in_force.current
