"""Files that came in, and what became of their rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept
from shared.contracts.catalog.bulk import ImportKind, ImportState, OnError
from shared.database.columns import Choice


class Upload(Base):
    """A file on its way in, in parts; deleted once it was used, or a day later. `size` in bytes."""

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    complete: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), index=True)
    request_digest: Mapped[bytes | None]


class UploadPart(Base):
    """A part of an upload, by its place."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRun(Base, Kept):
    """One file being read into the catalogue, row by row: how far it is and what it has done."""

    __tablename__ = "import_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[UUID]
    kind: Mapped[ImportKind] = mapped_column(Choice(ImportKind))
    state: Mapped[ImportState] = mapped_column(Choice(ImportState))
    dry_run: Mapped[bool]
    on_error: Mapped[OnError] = mapped_column(Choice(OnError))
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"), default=dict)
    actor: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_rows: Mapped[int | None]
    done_rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    created_rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    changed_rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    unchanged_rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    failed_rows: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    trouble: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_import_runs_listed", "created_at", "id"),)


class ImportFinding(Base):
    """What an import has to say of one row: an error to be mended, or what it changes."""

    __tablename__ = "import_findings"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    error: Mapped[bool]
    finding: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ImportForeseen(Base):
    """What the rows of an import that is being checked would change of a thing, for those that follow; gone at its end.

    `said` is as services.catalog.domain.bulk.foreseen has it.
    """

    __tablename__ = "import_foreseen"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[UUID] = mapped_column(primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
