"""The tables of customers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shared.contracts.customers.customers import CustomerStatus
from shared.database.columns import Choice, Table, new_metadata


class Base(Table):
    __abstract__ = True
    metadata = new_metadata()


class Group(Base):
    """Customers who belong together for prices and visibility."""

    __tablename__ = "groups"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    built_in: Mapped[bool]
    show_prices: Mapped[bool]
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_groups_newest", "created_at", "id"),)


class Company(Base):
    """A business that customers buy for; its identifiers are kept in their compact form."""

    __tablename__ = "companies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    legal_name: Mapped[str] = mapped_column(String(200))
    vat_number: Mapped[str | None] = mapped_column(String(20), index=True)
    siret: Mapped[str | None] = mapped_column(String(14), index=True)
    country: Mapped[str] = mapped_column(String(2))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_companies_newest", "created_at", "id"),)


class Membership(Base):
    """That a customer is in a group."""

    __tablename__ = "memberships"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"), primary_key=True, index=True)


class Customer(Base):
    """Someone who buys. `agent_id` names a row of another service, known here from its events."""

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    status: Mapped[CustomerStatus] = mapped_column(Choice(CustomerStatus))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"), index=True)
    agent_id: Mapped[UUID | None]
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reference: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_digest: Mapped[bytes | None]

    company: Mapped[Company | None] = relationship(lazy="joined")
    groups: Mapped[list[Group]] = relationship(secondary="memberships", lazy="selectin")

    __table_args__ = (
        Index("uq_customers_email", func.lower(email), unique=True),
        Index("ix_customers_newest", "created_at", "id"),
        Index("ix_customers_agent_newest", "agent_id", "created_at", "id"),
    )

    @property
    def company_name(self) -> str | None:
        return self.company.legal_name if self.company else None

    @property
    def group_ids(self) -> list[UUID]:
        return sorted(group.id for group in self.groups)


class KnownAgent(Base):
    """An agent that exists, as agents told it."""

    __tablename__ = "known_agents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]


class SalesRules(Base):
    """One row: whether every agent serves every customer, as agents told it."""

    __tablename__ = "sales_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    agents_serve_all: Mapped[bool]
