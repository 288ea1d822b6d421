"""The tables of agents."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from services.agents.domain.bounds import in_force
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.agents.commissions import EntryKind
from shared.contracts.agents.settings import Attribution
from shared.database.columns import PERCENT, Choice, Table, money, new_metadata
from shared.kernel.money import Money


class Base(Table):
    __abstract__ = True
    metadata = new_metadata()


class AgentGroup(Base):
    """What its members earn, what managers earn on those below them, how far a price may be moved."""

    __tablename__ = "agent_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    commission_percent: Mapped[Decimal] = mapped_column(PERCENT)
    override_percent: Mapped[Decimal] = mapped_column(PERCENT)
    max_discount_percent: Mapped[Decimal] = mapped_column(PERCENT)
    max_increase_percent: Mapped[Decimal] = mapped_column(PERCENT)
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_agent_groups_newest", "created_at", "id"),)


class Agent(Base):
    """Someone who sells. A bound of their own comes before their group's."""

    __tablename__ = "agents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    group_id: Mapped[UUID] = mapped_column(ForeignKey("agent_groups.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agents.id"), index=True)
    status: Mapped[AgentStatus] = mapped_column(Choice(AgentStatus))
    own_max_discount_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    own_max_increase_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    created_at: Mapped[datetime]
    version: Mapped[int]
    request_digest: Mapped[bytes | None]

    group: Mapped[AgentGroup] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("parent_id <> id", name="not_under_themselves"),
        Index("uq_agents_email", func.lower(email), unique=True),
        Index("ix_agents_newest", "created_at", "id"),
    )

    @property
    def max_discount_percent(self) -> Decimal:
        return in_force(self.own_max_discount_percent, self.group.max_discount_percent)

    @property
    def max_increase_percent(self) -> Decimal:
        return in_force(self.own_max_increase_percent, self.group.max_increase_percent)


class Standing(Base):
    """Where an agent stood and what they earned from a moment on; the newest row holds. Append-only.

    An order earns by what was in force when it was placed, however late its event is heard.
    """

    __tablename__ = "standings"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agents.id"))
    since: Mapped[datetime | None]  # none: from the beginning
    parent_id: Mapped[UUID | None]
    active: Mapped[bool]
    commission_percent: Mapped[Decimal] = mapped_column(PERCENT)
    override_percent: Mapped[Decimal] = mapped_column(PERCENT)

    __table_args__ = (Index("ix_standings_newest", "agent_id", "id"),)


class Entry(Base):
    """One line of the commission ledger; what is taken back is below zero. Append-only."""

    __tablename__ = "entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agents.id"))
    seller_id: Mapped[UUID]
    order_id: Mapped[UUID]
    order_number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[EntryKind] = mapped_column(Choice(EntryKind))
    level: Mapped[int]
    percent: Mapped[Decimal] = mapped_column(PERCENT)
    basis: Mapped[Money] = money("basis")
    amount: Mapped[Money] = money("amount")
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("order_id", "agent_id", "level", "kind", name="uq_entries_once"),
        CheckConstraint("basis_currency = amount_currency", name="one_currency"),
        CheckConstraint("(kind IN ('accrued', 'earned')) = (amount_amount > 0)", name="sign"),
        Index("ix_entries_agent_newest", "agent_id", "created_at", "id"),
        Index("ix_entries_newest", "created_at", "id"),
    )


class Balance(Base):
    """The sum of an agent's entries in one currency, kept in the transaction of each."""

    __tablename__ = "balances"

    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    accrued_amount: Mapped[Decimal]
    earned_amount: Mapped[Decimal]

    accrued: Mapped[Money] = composite(Money, "accrued_amount", "currency")
    earned: Mapped[Money] = composite(Money, "earned_amount", "currency")

    __table_args__ = (CheckConstraint("accrued_amount >= 0", name="accrued"),)


class SalesSettingsRow(Base):
    """One row: the shop's rules of who serves whom. It stands above every team: whoever changes one locks it."""

    __tablename__ = "sales_settings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    agents_serve_all: Mapped[bool]
    attribution: Mapped[list[Attribution]] = mapped_column(ARRAY(Choice(Attribution)))
