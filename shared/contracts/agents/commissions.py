"""Commissions: the ledger of what agents are due."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.actor import Permission
from shared.contracts.base import Contract, Event, Query
from shared.contracts.values import Currency, Page, PageSize, Percent
from shared.kernel.money import Money

READ_COMMISSIONS = {Permission.COMMISSIONS_READ, Permission.COMMISSIONS_READ_OWN}


class EntryKind(StrEnum):
    """What an entry of the commission ledger does: accrued, then earned, or taken back before or after that."""

    ACCRUED = "accrued"
    EARNED = "earned"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class Balance(Contract):
    """What stands on an agent's account in one currency."""

    currency: Currency
    accrued: Money
    earned: Money


class CommissionEntry(Contract):
    """One line of the ledger. `level` 0 is the seller's own, 1 the override of their parent, and so on."""

    id: UUID
    version: int = 1
    agent_id: UUID
    seller_id: UUID
    order_id: UUID
    order_number: int
    kind: EntryKind
    level: int
    percent: Percent
    basis: Money
    amount: Money
    created_at: datetime


class Statement(Contract):
    """An agent's balances and latest entries."""

    agent_id: UUID
    balances: list[Balance]
    entries: list[CommissionEntry]


class GetStatement(Query[Statement], subject="agents.get_statement.v1", allow=READ_COMMISSIONS):
    """Returns an agent's balances and latest entries; without an id, the caller's own."""

    agent_id: UUID | None = None
    limit: PageSize = 20


class ListCommissions(Query[Page[CommissionEntry]], subject="agents.list_commissions.v1", allow=READ_COMMISSIONS):
    """Returns ledger entries, newest first; an agent gets their own only."""

    agent_id: UUID | None = None
    order_id: UUID | None = None
    kind: EntryKind | None = None
    cursor: str | None = None
    limit: PageSize = 20


class CommissionAccrued(Event, subject="agents.commission_accrued.v1", aggregate="entry.id"):
    """A confirmed sale gives an agent the prospect of a commission."""

    entry: CommissionEntry


class CommissionEarned(Event, subject="agents.commission_earned.v1", aggregate="entry.id"):
    """A paid sale makes an accrued commission the agent's own."""

    entry: CommissionEntry


class CommissionReversed(Event, subject="agents.commission_reversed.v1", aggregate="entry.id"):
    """A commission was taken back, before or after it was earned."""

    entry: CommissionEntry
