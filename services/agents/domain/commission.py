"""Who earns what on a sale: the seller a commission, everyone above them an override (rules 3.8 and 3.9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.agents.domain.ledger import Posting
from shared.contracts.agents.commissions import EntryKind
from shared.contracts.orders.orders import LineSnapshot
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Link:
    """One agent of an upline, as they stood when the order was placed; percents from 0 to 100."""

    agent_id: UUID
    active: bool
    commission_percent: Decimal
    override_percent: Decimal


def commission_basis(lines: Iterable[LineSnapshot], currency: str) -> Money:
    """Return what a sale's commission is a percent of: Σ line nets, without lines that earn none (rules 3.8.2).

    A surcharge is a fee and no line: nothing is earned on it, nor on tax, whether prices contain it or not.
    """
    return Money.sum((line.net for line in lines if line.commissionable), currency)


def accruals(basis: Money, upline: Sequence[Link]) -> list[Posting]:
    """Return what each agent of an upline, the seller first, has the prospect of earning.

    The seller gets the commission percent of their own group on the basis, the one above them the override percent of
    *their own* group on the seller's commission, the next one theirs on that override, and so on (`on_top` of
    `child_earning`, rules 3.9): the shop pays each in addition. Each amount is rounded once per order (rules 3.8.3,
    step 5). A suspended seller's sale earns nobody anything. A suspended manager earns nothing and their share goes to
    nobody else; the one above them gets the override on that share all the same, so that suspending one agent changes
    no one else's earning. Nothing is posted for an amount of zero.
    """
    postings: list[Posting] = []
    if not upline or not upline[0].active:
        return postings
    below = basis
    for level, link in enumerate(upline):
        percent = link.override_percent if level else link.commission_percent
        amount = below.percent(percent)
        if link.active and amount:
            postings.append(Posting(link.agent_id, level, EntryKind.ACCRUED, percent, below, amount))
        below = amount
    return postings
