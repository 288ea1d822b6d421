"""Who sees what, how many they may take, and on what terms a group buys."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept, Numbered
from shared.contracts.catalog.price_lists import PriceMode, Scope
from shared.contracts.catalog.rules import (
    Availability,
    BuyerScope,
    MinimumAction,
    MinimumOperator,
    QuantityBasis,
)
from shared.database.columns import AMOUNT, QUANTITY, Choice


class VisibilityRule(Base, Kept, Numbered):
    """Somebody, or everybody where `buyer_id` is PUBLIC, may or may not see a product or what stands in a category."""

    __tablename__ = "visibility_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    buyer_scope: Mapped[BuyerScope] = mapped_column(Choice(BuyerScope))
    buyer_id: Mapped[UUID]
    scope: Mapped[Scope] = mapped_column(Choice(Scope))
    target_id: Mapped[UUID]
    allow: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("buyer_id", "target_id"),
        Index("ix_visibility_rules_target", "target_id"),
        Index("ix_visibility_rules_listed", "created_at", "id"),
    )


class QuantityRule(Base, Kept, Numbered):
    """How many a buyer must or may take of some goods; a field that is None says nothing, 0 lifts what stands above."""

    __tablename__ = "quantity_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    buyer_scope: Mapped[BuyerScope] = mapped_column(Choice(BuyerScope))
    buyer_id: Mapped[UUID]
    scope: Mapped[Scope] = mapped_column(Choice(Scope))
    target_id: Mapped[UUID]
    min_qty: Mapped[Decimal | None] = mapped_column(QUANTITY)
    max_qty: Mapped[Decimal | None] = mapped_column(QUANTITY)
    multiple: Mapped[Decimal | None] = mapped_column(QUANTITY)
    period_qty: Mapped[Decimal | None] = mapped_column(QUANTITY)
    period_days: Mapped[int | None]
    basis: Mapped[QuantityBasis] = mapped_column(Choice(QuantityBasis), server_default="variant")

    __table_args__ = (
        UniqueConstraint("target_id", "buyer_id"),
        Index("ix_quantity_rules_listed", "created_at", "id"),
        CheckConstraint("(period_qty IS NULL) = (period_days IS NULL)", "period_is_whole"),
    )


class GroupTerms(Base):
    """On what terms a customer group buys: how much of the stock it sees, the least it orders, in which mode."""

    __tablename__ = "group_terms"

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    availability: Mapped[Availability] = mapped_column(Choice(Availability), server_default="exact")
    minimum_qty: Mapped[Decimal | None] = mapped_column(QUANTITY)
    minimum_subtotal: Mapped[Decimal | None] = mapped_column(AMOUNT)
    surcharge: Mapped[Decimal | None] = mapped_column(AMOUNT)
    currency: Mapped[str | None] = mapped_column(String(3))
    operator: Mapped[MinimumOperator] = mapped_column(Choice(MinimumOperator), server_default="and")
    action: Mapped[MinimumAction] = mapped_column(Choice(MinimumAction), server_default="block")
    price_mode: Mapped[PriceMode | None] = mapped_column(Choice(PriceMode))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)
