"""What things cost, for whom, and since when."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept, Numbered
from shared.contracts.catalog.price_lists import (
    AdjustmentKind,
    ListStatus,
    PriceLevel,
    PriceMode,
    Reference,
    Scope,
    TargetKind,
    TierBasis,
)
from shared.database.columns import AMOUNT, QUANTITY, Choice


class BasePrice(Base):
    """What a variant costs everyone in one currency and mode; what it cost before, and below what it is never sold."""

    __tablename__ = "base_prices"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode), primary_key=True, server_default="net")
    amount: Mapped[Decimal]
    original: Mapped[Decimal | None] = mapped_column(AMOUNT)
    floor: Mapped[Decimal | None] = mapped_column(AMOUNT)

    __table_args__ = (CheckConstraint("amount >= 0 AND original >= 0 AND floor >= 0", "not_negative"),)


class PriceList(Base, Kept, Numbered):
    """Prices agreed with some, or with all, while it is active and within [starts_at, ends_at)."""

    __tablename__ = "price_lists"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[PriceLevel] = mapped_column(Choice(PriceLevel))
    priority: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    currency: Mapped[str] = mapped_column(String(3))
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode))
    status: Mapped[ListStatus] = mapped_column(Choice(ListStatus))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    tier_basis: Mapped[TierBasis] = mapped_column(Choice(TierBasis))
    stackable: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_price_lists_listed", "created_at", "id"),)


class PriceListTarget(Base):
    """For whom a price list is: a customer, a company, a group, a market by its derived id, or everyone (PUBLIC)."""

    __tablename__ = "price_list_targets"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    kind: Mapped[TargetKind] = mapped_column(Choice(TargetKind))
    code: Mapped[str | None] = mapped_column(String(40))


class PriceRow(Base, Numbered):
    """One line of a price list: from `min_qty` on, what its target costs or how much is taken off.

    `target_id` is that of a variant, a product or a category, or PUBLIC for all. `value` is an amount of the list's
    currency or a percent. `max_qty`: the most a quote's price is locked for.
    """

    __tablename__ = "price_rows"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"))
    scope: Mapped[Scope] = mapped_column(Choice(Scope))
    target_id: Mapped[UUID]
    min_qty: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("1"), default=Decimal(1))
    max_qty: Mapped[Decimal | None] = mapped_column(QUANTITY)
    kind: Mapped[AdjustmentKind] = mapped_column(Choice(AdjustmentKind))
    value: Mapped[Decimal]
    reference: Mapped[Reference] = mapped_column(Choice(Reference), server_default="base")
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)

    __table_args__ = (
        UniqueConstraint("target_id", "list_id", "min_qty"),
        Index("ix_price_rows_list", "list_id", "number"),
        CheckConstraint("value >= 0 AND (kind <> 'percent_off' OR value <= 100)", "value_makes_sense"),
        CheckConstraint("min_qty > 0 AND (max_qty IS NULL OR max_qty >= min_qty)", "quantities_make_sense"),
    )


class Promotion(Base, Kept, Numbered):
    """A public reduction of base prices while it is enabled and within [starts_at, ends_at)."""

    __tablename__ = "promotions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    enabled: Mapped[bool]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    markets: Mapped[list[str]] = mapped_column(ARRAY(String(40)), server_default=text("'{}'"), default=list)
    priority: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    exclusive: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    kind: Mapped[AdjustmentKind] = mapped_column(Choice(AdjustmentKind))
    value: Mapped[Decimal]
    currency: Mapped[str | None] = mapped_column(String(3))
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode), server_default="net", default=PriceMode.NET)
    scope: Mapped[Scope] = mapped_column(Choice(Scope))
    target_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"), default=list)
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_promotions_listed", "created_at", "id"),)


class PublicPrice(Base):
    """What a variant cost everyone from a moment on, promotions included, in the shop's own market. Append-only."""

    __tablename__ = "public_prices"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    currency: Mapped[str] = mapped_column(String(3))
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode), server_default="net", default=PriceMode.NET)
    amount: Mapped[Decimal]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_public_prices_history", "variant_id", "currency", "mode", "at", "id"),)


class MarketPrice(Base):
    """What a variant cost everyone of a market from a moment on, where that is another price than in the others.

    No amount: from then on it cost there what it cost everyone. Append-only.
    """

    __tablename__ = "market_prices"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    market: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode))
    amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_market_prices_history", "variant_id", "market", "currency", "mode", "at", "id"),)


class RuleBook(Base):
    """The settings of the shop's catalogue, and a stamp that every change of a rule renews.

    Whatever was kept of the rules in memory holds as long as the stamp is the same. `markets_since`: from when on it is
    known what everyone paid in other markets than the shop's own; None: from the beginning.
    """

    __tablename__ = "rule_book"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)
    stamp: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"), default=dict)
    markets_since: Mapped[datetime | None]
