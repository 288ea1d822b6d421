"""How many are there, where, why, and what of it is promised to orders."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept
from shared.contracts.catalog.movements import MovementKind
from shared.contracts.catalog.stock import SellAhead
from shared.database.columns import QUANTITY, Choice


class Warehouse(Base, Kept):
    """A place where goods are kept; orders take from the one of highest priority first."""

    __tablename__ = "warehouses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_warehouses_listed", "created_at", "id"),)


class WarehouseStock(Base):
    """How many of a variant a warehouse has, and how many of them are allocated to orders."""

    __tablename__ = "warehouse_stocks"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"), primary_key=True, index=True)
    on_hand: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    allocated: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))

    __table_args__ = (CheckConstraint("on_hand >= 0 AND allocated >= 0", "not_negative"),)


class Stock(Base):
    """How many of a variant are there in all warehouses, and how many are promised to orders.

    `ahead`: may more be promised than are there; `ahead_limit` says how many more, None without limit; `expected_at` is
    when they come. At `low_at` or fewer left, people are told.
    """

    __tablename__ = "stocks"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    reserved: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    ahead: Mapped[SellAhead] = mapped_column(Choice(SellAhead), server_default="none")
    ahead_limit: Mapped[Decimal | None] = mapped_column(QUANTITY, server_default=text("0"))
    expected_at: Mapped[datetime | None]
    low_at: Mapped[Decimal | None] = mapped_column(QUANTITY)
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)

    __table_args__ = (
        CheckConstraint("0 <= reserved AND 0 <= on_hand", "not_negative"),
        CheckConstraint(
            "reserved <= on_hand OR (ahead <> 'none' AND (ahead_limit IS NULL OR reserved <= on_hand + ahead_limit))",
            "reserved_within_reach",
        ),
    )


class StockMovement(Base):
    """Why there are more or fewer than before. Append-only: on_hand is the sum of these."""

    __tablename__ = "stock_movements"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), index=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"))
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    kind: Mapped[MovementKind] = mapped_column(Choice(MovementKind))
    reference: Mapped[str] = mapped_column(String(200))
    actor: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    request_digest: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint("quantity <> 0", "moves_something"),
        Index("ix_stock_movements_listed", "created_at", "id"),
    )
