"""Changes of many prices by a rule: how far they are, and what they did to each price."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept
from shared.contracts.catalog.price_changes import ChangeState, PriceOutcome, StepKind
from shared.contracts.catalog.price_lists import PriceMode
from shared.database.columns import QUANTITY, Choice

NONE = text("0")


class PriceChange(Base, Kept):
    """A rule by which prices move, and how far it has come: `reached` is the last variant or row it went through."""

    __tablename__ = "price_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode), server_default="net", default=PriceMode.NET)
    from_mode: Mapped[PriceMode | None] = mapped_column(Choice(PriceMode))
    list_id: Mapped[UUID | None]
    category: Mapped[str | None] = mapped_column(String(40))
    category_id: Mapped[UUID | None]
    attribute: Mapped[str | None] = mapped_column(String(40))
    attribute_value: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[StepKind] = mapped_column(Choice(StepKind))
    value: Mapped[Decimal]
    rounding: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    dry_run: Mapped[bool]
    state: Mapped[ChangeState] = mapped_column(Choice(ChangeState))
    made_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(server_default=NONE, default=0)
    changed: Mapped[int] = mapped_column(server_default=NONE, default=0)
    unchanged: Mapped[int] = mapped_column(server_default=NONE, default=0)
    floored: Mapped[int] = mapped_column(server_default=NONE, default=0)
    too_large: Mapped[int] = mapped_column(server_default=NONE, default=0)
    reached: Mapped[UUID | None]
    trouble: Mapped[str | None] = mapped_column(String(500))
    finished_at: Mapped[datetime | None]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_price_changes_listed", "created_at", "id"),)


class PriceDifference(Base):
    """What a price change did, or would do, to one price; `target` is the SKU or code of what the price is of."""

    __tablename__ = "price_differences"

    change_id: Mapped[UUID] = mapped_column(ForeignKey("price_changes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    target: Mapped[str | None] = mapped_column(String(64))
    min_qty: Mapped[Decimal] = mapped_column(QUANTITY)
    before: Mapped[Decimal]
    after: Mapped[Decimal]
    outcome: Mapped[PriceOutcome] = mapped_column(Choice(PriceOutcome))
