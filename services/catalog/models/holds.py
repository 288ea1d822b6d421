"""What orders have taken from stock, and whether they still need it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.domain.holds import HoldState
from services.catalog.models.base import Base
from shared.database.columns import QUANTITY, Choice


class Hold(Base):
    """What an order has taken from stock. A released one stays as a tombstone, so that a late hold is refused.

    `holder` is the actor who placed; `digest` and `quote` are the request it answered and what it answered: the lines,
    the surcharge and the mode of their prices, before there were surcharges the list of the lines.
    `order_version` is that of the last order event applied, 0 before the first. `doubted_at` is since when orders has
    said that it does not need what is allocated to it.
    """

    __tablename__ = "holds"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[HoldState] = mapped_column(Choice(HoldState))
    holder: Mapped[str | None]
    customer_id: Mapped[UUID | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    quote: Mapped[dict[str, Any] | list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    order_version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    expires_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    doubted_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_holds_to_sweep", "expires_at", postgresql_where=text("state = 'held'")),
        Index("ix_holds_customer", "customer_id", "created_at"),
        Index("ix_holds_allocated", "order_id", postgresql_where=text("state = 'allocated'")),
        Index("ix_holds_doubted", "doubted_at", postgresql_where=text("doubted_at IS NOT NULL")),
    )


class AllocationRound(Base):
    """How far a round with orders has come: 1 asks about allocations, 2 about orders; none: it begins anew."""

    __tablename__ = "allocation_rounds"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reached: Mapped[UUID | None]


class MissedAllocation(Base):
    """An order that is to be shipped and has no goods allocated, and since when that is known."""

    __tablename__ = "missed_allocations"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    missed_at: Mapped[datetime]


class HoldLine(Base):
    """How much of a variant an order has taken, and how much of what it needs was not there to take.

    `waits`: how much of what an allocated order has taken is in no warehouse yet.
    """

    __tablename__ = "hold_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("holds.order_id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    short: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    waits: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))

    __table_args__ = (
        CheckConstraint("quantity >= 0 AND short >= 0", "not_negative"),
        CheckConstraint("0 <= waits AND waits <= quantity", "waits_within_quantity"),
        Index("ix_hold_lines_variant", "variant_id"),
        Index("ix_hold_lines_waiting", "variant_id", postgresql_where=text("waits + short > 0")),
    )


class AllocationLine(Base):
    """How much of a variant a warehouse keeps for a confirmed order."""

    __tablename__ = "allocation_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("holds.order_id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"), primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)

    __table_args__ = (
        CheckConstraint("quantity > 0", "keeps_something"),
        Index("ix_allocation_lines_kept", "variant_id", "warehouse_id"),
    )
