"""Orders, their lines, and who moved them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.orders.domain.labels import label
from services.orders.domain.totals import tax_lines
from services.orders.models.base import Base
from shared.contracts.agents.settings import Attribution
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.products import TaxCategory
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.orders.orders import BuyerSnapshot, TaxLine
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus
from shared.database.columns import (
    PERCENT,
    QUANTITY,
    Choice,
    money,
    optional_money,
    optional_unit_price,
    unit_price,
)
from shared.kernel.money import Money, UnitPrice


class Order(Base):
    """A sale, with its buyer as they were when it was placed. `agent_id` and `attribution` are frozen then.

    `price_mode`: whether the prices of its lines and its surcharge are with or without tax; `market`: whose they are.
    `net` and `tax` are those of the lines and of the surcharge; `surcharge_taxes` is what of it bears which VAT rate.
    `request_digest` tells the request that placed it from another of the same key, when the inbox no longer can.
    """

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    version: Mapped[int]
    status: Mapped[OrderStatus] = mapped_column(Choice(OrderStatus))
    payment_status: Mapped[PaymentStatus] = mapped_column(Choice(PaymentStatus))
    fulfilment_status: Mapped[FulfilmentStatus] = mapped_column(Choice(FulfilmentStatus))
    customer_id: Mapped[UUID]
    customer_name: Mapped[str] = mapped_column(String(200))
    customer_email: Mapped[str] = mapped_column(String(254))
    customer_locale: Mapped[str] = mapped_column(String(2))
    company_name: Mapped[str | None] = mapped_column(String(200))
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    agent_id: Mapped[UUID | None]
    attribution: Mapped[Attribution | None] = mapped_column(Choice(Attribution))
    placed_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    payment_method: Mapped[PaymentMethod] = mapped_column(Choice(PaymentMethod))
    currency: Mapped[str] = mapped_column(String(3))
    price_mode: Mapped[PriceMode] = mapped_column(Choice(PriceMode), server_default=PriceMode.NET)
    market: Mapped[str | None] = mapped_column(String(40))
    surcharge: Mapped[Money | None] = optional_money("surcharge")
    surcharge_taxes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    net: Mapped[Money] = money("net")
    tax: Mapped[Money] = money("tax")
    total: Mapped[Money] = money("total")
    paid: Mapped[Money] = money("paid")
    reference: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    request_digest: Mapped[bytes | None]

    lines: Mapped[list["OrderLine"]] = relationship(order_by="OrderLine.position", lazy="raise")

    __table_args__ = (
        CheckConstraint("total_amount = net_amount + tax_amount", "total"),
        CheckConstraint("paid_amount BETWEEN 0 AND total_amount", "paid"),
        CheckConstraint(
            "net_currency = currency AND tax_currency = currency"
            " AND total_currency = currency AND paid_currency = currency",
            "one_currency",
        ),
        CheckConstraint("(surcharge_amount IS NULL) = (surcharge_currency IS NULL)", "surcharge_is_whole"),
        CheckConstraint("surcharge_amount > 0 AND surcharge_currency = currency", "surcharge"),
        Index("ix_orders_newest", "created_at", "id"),
        Index("ix_orders_customer_newest", "customer_id", "created_at", "id"),
        Index("ix_orders_agent_newest", "agent_id", "created_at", "id"),
        Index("ix_orders_payment_newest", "payment_status", "created_at", "id"),
        Index("ix_orders_status_newest", "status", "created_at", "id"),
        Index("ix_orders_to_ship", "id", postgresql_where=text("status IN ('confirmed', 'processing')")),
    )

    @property
    def label(self) -> str:
        return label(self.status, self.payment_status, self.fulfilment_status, self.payment_method)

    @property
    def taxes(self) -> list[TaxLine]:
        shares = [TaxLine.model_validate(share) for share in self.surcharge_taxes]
        taxed = [(line.tax_rate, line.net, line.tax) for line in self.lines]
        return tax_lines([*taxed, *((share.rate, share.net, share.tax) for share in shares)], self.currency)

    @property
    def buyer(self) -> BuyerSnapshot:
        return BuyerSnapshot.model_validate(
            {
                "id": self.customer_id,
                "name": self.customer_name,
                "email": self.customer_email,
                "locale": self.customer_locale,
                "company_name": self.company_name,
                "group_ids": self.group_ids,
                "billing_address": self.billing_address,
                "shipping_address": self.shipping_address,
            }
        )


class OrderLine(Base):
    """A line as it was sold, from what it was computed, and how many of its units were cancelled, left and came back.

    `trace` is a list of PriceTrace as JSON, read only where it is asked for.
    """

    __tablename__ = "order_lines"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    list_price: Mapped[UnitPrice] = unit_price("list_price")
    unit_price: Mapped[UnitPrice] = unit_price("unit_price")
    price_reason: Mapped[PriceReason] = mapped_column(Choice(PriceReason))
    discount_percent: Mapped[Decimal] = mapped_column(PERCENT)
    net: Mapped[Money] = money("net")
    tax_category: Mapped[TaxCategory] = mapped_column(Choice(TaxCategory))
    tax_rate: Mapped[Decimal] = mapped_column(PERCENT)
    tax: Mapped[Money] = money("tax")
    commissionable: Mapped[bool]
    computed_price: Mapped[UnitPrice | None] = optional_unit_price("computed_price")
    cost: Mapped[UnitPrice | None] = optional_unit_price("cost")
    price_list_id: Mapped[UUID | None]
    price_list_version: Mapped[int | None]
    trace: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", deferred=True, deferred_raiseload=True
    )
    cancelled: Mapped[Decimal] = mapped_column(QUANTITY)
    shipped: Mapped[Decimal] = mapped_column(QUANTITY)
    delivered: Mapped[Decimal] = mapped_column(QUANTITY)
    returned: Mapped[Decimal] = mapped_column(QUANTITY)

    __table_args__ = (
        CheckConstraint("quantity > 0 AND cancelled >= 0 AND cancelled + shipped <= quantity", "units"),
        CheckConstraint("returned BETWEEN 0 AND delivered AND delivered <= shipped", "units_out"),
    )


class OrderHistory(Base):
    """Who moved an order on one of its axes, on whose behalf, when and why. Append-only; `seq` is the order of acts."""

    __tablename__ = "order_history"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    axis: Mapped[str] = mapped_column(String(16))
    before: Mapped[str | None] = mapped_column(String(32))
    after: Mapped[str] = mapped_column(String(32))
    actor: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_order_history_order_seq", "order_id", "seq"),)
