"""The tables of catalog: state only, no rules."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.domain.holds import HoldState
from services.catalog.domain.stock import MovementKind
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.catalog.products import ProductStatus, TaxCategory
from shared.contracts.customers.customers import CustomerStatus
from shared.database.columns import PERCENT, QUANTITY, Choice, Table, new_metadata, unit_price
from shared.kernel.money import UnitPrice


class Base(Table):
    """The declarative base of catalog's tables."""

    __abstract__ = True
    metadata = new_metadata()


class Category(Base):
    """A place in the shop's tree."""

    __tablename__ = "categories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_categories_listed", "created_at", "id"),)


class Product(Base):
    """What is shown as one thing; it is sold as its variants."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[ProductStatus] = mapped_column(Choice(ProductStatus))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_products_listed", "status", "created_at", "id"),)


class ProductCategory(Base):
    """A product stands in a category."""

    __tablename__ = "product_categories"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    category_id: Mapped[UUID] = mapped_column(ForeignKey("categories.id"), primary_key=True, index=True)


class Variant(Base):
    """One thing that can be bought, known by its SKU."""

    __tablename__ = "variants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    tax_category: Mapped[TaxCategory] = mapped_column(Choice(TaxCategory))
    commissionable: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (UniqueConstraint("product_id", "position"), Index("ix_variants_listed", "created_at", "id"))


class Price(Base):
    """What a variant costs a group in one currency; what the public group pays is the base price."""

    __tablename__ = "prices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"))
    group_id: Mapped[UUID]
    price: Mapped[UnitPrice] = unit_price("unit")
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)

    __table_args__ = (
        UniqueConstraint("variant_id", "unit_currency", "group_id"),
        CheckConstraint("unit_amount >= 0", "not_negative"),
    )


class Stock(Base):
    """How many of a variant are there, and how many of them are promised to orders."""

    __tablename__ = "stocks"

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    reserved: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"), default=1)

    __table_args__ = (CheckConstraint("0 <= reserved AND reserved <= on_hand", "reserved_within_on_hand"),)


class StockMovement(Base):
    """Why there are more or fewer than before. Append-only: on_hand is the sum of these."""

    __tablename__ = "stock_movements"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    kind: Mapped[MovementKind] = mapped_column(Choice(MovementKind))
    reference: Mapped[str] = mapped_column(String(200))
    actor: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    request_digest: Mapped[bytes | None]

    __table_args__ = (CheckConstraint("quantity <> 0", "moves_something"),)


class Hold(Base):
    """What an order has taken from stock. A released one stays as a tombstone, so that a late hold is refused.

    `holder` is the actor who placed; `digest` and `quote` are the request it answered and the lines it answered with.
    `order_version` is that of the last order event applied, 0 before the first. `doubted_at` is since when orders has
    said that it does not need what is allocated to it.
    """

    __tablename__ = "holds"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[HoldState] = mapped_column(Choice(HoldState))
    holder: Mapped[str | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    quote: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    order_version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    expires_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    doubted_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_holds_to_sweep", "expires_at", postgresql_where=text("state = 'held'")),
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
    """How much of a variant an order has taken, and how much of what it needs was not there to take."""

    __tablename__ = "hold_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("holds.order_id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    short: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("0"), default=Decimal(0))

    __table_args__ = (CheckConstraint("quantity >= 0 AND short >= 0", "not_negative"),)


class Buyer(Base):
    """A customer as customers last told of them."""

    __tablename__ = "buyers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[CustomerStatus] = mapped_column(Choice(CustomerStatus))
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    agent_id: Mapped[UUID | None]


class BuyerGroup(Base):
    """A customer group as customers last told of it."""

    __tablename__ = "buyer_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(40), index=True)
    show_prices: Mapped[bool]


class Seller(Base):
    """An agent and their price bounds, as agents last told of them."""

    __tablename__ = "sellers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[AgentStatus] = mapped_column(Choice(AgentStatus))
    max_discount_percent: Mapped[Decimal] = mapped_column(PERCENT)
    max_increase_percent: Mapped[Decimal] = mapped_column(PERCENT)


class SalesRules(Base):
    """Who may serve whom, as agents last told."""

    __tablename__ = "sales_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    agents_serve_all: Mapped[bool]
