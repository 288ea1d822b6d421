"""What other services told of buyers, groups, companies, sellers and the sales rule."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.customers.customers import CustomerStatus
from shared.database.columns import PERCENT, Choice


class Buyer(Base):
    """A customer as customers last told of them."""

    __tablename__ = "buyers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[CustomerStatus] = mapped_column(Choice(CustomerStatus))
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    agent_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]


class BuyerCompany(Base):
    """A company, as customers last told of it, and the one it belongs to."""

    __tablename__ = "buyer_companies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    parent_id: Mapped[UUID | None]


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
