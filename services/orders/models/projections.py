"""What customers and agents told: who buys, who sells, whose a sale is."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.orders.models.base import Base
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.customers.customers import CustomerStatus
from shared.database.columns import Choice


class Buyer(Base):
    """A customer, as customers told it."""

    __tablename__ = "buyers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    status: Mapped[CustomerStatus] = mapped_column(Choice(CustomerStatus))
    company_name: Mapped[str | None] = mapped_column(String(200))
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    agent_id: Mapped[UUID | None] = mapped_column(index=True)
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Seller(Base):
    """An agent, as agents told it."""

    __tablename__ = "sellers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[AgentStatus] = mapped_column(Choice(AgentStatus))


class SalesRules(Base):
    """One row: who serves whom and whose a sale is, as agents told it."""

    __tablename__ = "sales_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    agents_serve_all: Mapped[bool]
    attribution: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
