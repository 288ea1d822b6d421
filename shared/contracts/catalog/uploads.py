"""Uploads: files on their way in, part by part, until something uses them."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.actor import Permission
from shared.contracts.base import Command, Contract
from shared.contracts.values import Done, Text
from shared.kernel.problems import Conflict, Malformed, NotFound

PART_BYTES = 512 * 1024
"""A part of a file has at most so many bytes: written as base64 it fits into one message of the bus."""
MOST_PARTS = 100_000

KEEPERS = frozenset({Permission.CATALOG_WRITE, Permission.PRICES_WRITE, Permission.STOCK_WRITE})
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class UploadView(Contract):
    """A file that came in, `size` in bytes. It is used once, or deleted a day later."""

    id: UUID
    name: Text
    size: int
    complete: bool
    created_at: datetime


class UploadNotFound(NotFound):
    """There is no such upload of yours: it was used already, or deleted a day after it came; upload the file again."""


class UploadIncomplete(Conflict):
    """The file has not come whole; upload it again."""


class UploadInUse(Conflict):
    """An import still reads this upload; wait until it has ended."""


class UploadDamaged(Malformed):
    """What came is not the file that was sent; upload it again with a new Idempotency-Key."""


class UploadEmpty(Malformed):
    """The file is empty; send one with something in it."""


class StartUpload(Command[UploadView], subject="catalog.start_upload.v1", allow=KEEPERS):
    """Begins to take in a file, which belongs to whoever sends it."""

    name: Text


class AddPart(Command[Done], subject="catalog.add_part.v1", allow=KEEPERS, keyed=False):
    """Takes in one part of a file, the first at position 0. What stands at a position already stays."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    upload_id: UUID
    position: int = Field(ge=0, lt=MOST_PARTS)
    data: bytes = Field(min_length=1, max_length=PART_BYTES)


class CompleteUpload(Command[UploadView], subject="catalog.complete_upload.v1", allow=KEEPERS, keyed=False):
    """Says how large the whole file is, in bytes, and its SHA-256; it is compared with what came."""

    timeout: ClassVar[float] = 60.0

    upload_id: UUID
    size: int = Field(ge=0)
    sha256: Sha256
