"""The life of a commission: accrued, then earned; or taken back before or after that (rules 3.8.4 and 3.8.5)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from shared.contracts.agents.commissions import EntryKind
from shared.kernel.money import Money

K = EntryKind
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Posting:
    """What one entry of the ledger says: `amount` is `percent` of `basis`; both are below zero where it takes back.

    `level` 0 is the seller's own, 1 the override of the one above them, and so on.
    """

    agent_id: UUID
    level: int
    kind: EntryKind
    percent: Decimal
    basis: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """By how much an agent's two balances change, in major units of the order's currency."""

    agent_id: UUID
    accrued: Decimal
    earned: Decimal


Rule = Callable[[Sequence[Posting]], list[Posting]]


def earn(entered: Sequence[Posting]) -> list[Posting]:
    """Return the postings that make what an order accrued, and nobody has taken back or earned, the agents' own."""
    settled = _shares(entered, K.EARNED, K.CANCELLED)
    return [replace(one, kind=K.EARNED) for one in entered if one.kind is K.ACCRUED and _share(one) not in settled]


def take_back(entered: Sequence[Posting]) -> list[Posting]:
    """Return the postings that leave nothing of an order: cancelled what only accrued, reversed what was earned.

    They name the same basis and amount below zero, so that nothing is ever edited (rules 3.8.5).
    """
    earned, gone = _shares(entered, K.EARNED), _shares(entered, K.CANCELLED, K.REVERSED)
    return [
        replace(one, kind=K.REVERSED if _share(one) in earned else K.CANCELLED, basis=-one.basis, amount=-one.amount)
        for one in entered
        if one.kind is K.ACCRUED and _share(one) not in gone
    ]


def movements(postings: Iterable[Posting]) -> list[Movement]:
    """Return how postings move the balances, one movement for each agent, by agent id."""
    sums: dict[UUID, Movement] = {}
    for one in postings:
        so_far = sums.get(one.agent_id, Movement(one.agent_id, ZERO, ZERO))
        amount = one.amount.amount
        accrued = {K.ACCRUED: amount, K.EARNED: -amount, K.CANCELLED: amount, K.REVERSED: ZERO}[one.kind]
        earned = amount if one.kind in (K.EARNED, K.REVERSED) else ZERO
        sums[one.agent_id] = Movement(one.agent_id, so_far.accrued + accrued, so_far.earned + earned)
    return sorted(sums.values(), key=lambda movement: movement.agent_id)


def _share(posting: Posting) -> tuple[UUID, int]:
    return posting.agent_id, posting.level


def _shares(entered: Sequence[Posting], *kinds: EntryKind) -> set[tuple[UUID, int]]:
    return {_share(one) for one in entered if one.kind in kinds}
