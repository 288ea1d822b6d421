"""What agents does about sales: accrues commissions, makes them the agents' own, takes them back."""

from collections.abc import Sequence

from services.agents.domain.commission import accruals, commission_basis
from services.agents.domain.ledger import Posting, Rule, earn, movements, take_back
from services.agents.repository import ledger
from shared.contracts.agents.commissions import (
    CommissionAccrued,
    CommissionEarned,
    CommissionEntry,
    CommissionReversed,
    EntryKind,
)
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed, OrderSnapshot
from shared.contracts.orders.payments import OrderPaid
from shared.messaging.handler import handler
from shared.messaging.work import Work

TOLD_AS: dict[EntryKind, type[CommissionAccrued | CommissionEarned | CommissionReversed]] = {
    EntryKind.ACCRUED: CommissionAccrued,
    EntryKind.EARNED: CommissionEarned,
    EntryKind.CANCELLED: CommissionReversed,
    EntryKind.REVERSED: CommissionReversed,
}


@handler
async def accrue_commission(event: OrderConfirmed, work: Work) -> None:
    await _accrue(event.order, work)


@handler
async def earn_commission(event: OrderPaid, work: Work) -> None:
    await _settle(event.order, earn, work)


@handler
async def take_back_commission(event: OrderCancelled, work: Work) -> None:
    await _settle(event.order, take_back, work)


async def _accrue(order: OrderSnapshot, work: Work) -> None:
    if order.agent_id is None:
        return
    upline = await ledger.upline(work.session, order.agent_id, order.created_at)
    prospects = accruals(commission_basis(order.lines, order.currency), upline)
    entered = await _enter(order, prospects, work)
    if entered:
        await ledger.add_prospects(work.session, order.currency, movements(entered))


async def _settle(order: OrderSnapshot, rule: Rule, work: Work) -> None:
    entered = await ledger.lock_ledger(work.session, order)
    if not entered:
        # The confirmation may be parked and come later: each event tells the whole order, so what is missing is accrued
        # now, and the confirmation will find it there. Read again: a retry of it may have been quicker by this moment.
        await _accrue(order, work)
        entered = await ledger.lock_ledger(work.session, order)
    settled = await _enter(order, rule(entered), work)
    if settled:
        await ledger.move_balances(work.session, order.currency, movements(settled))


async def _enter(order: OrderSnapshot, postings: Sequence[Posting], work: Work) -> list[Posting]:
    """Write postings into the ledger and tell of those that were not there yet."""
    entries = await ledger.enter(work.session, order, postings, work.as_of) if postings else []
    for entry in entries:
        work.emit(TOLD_AS[entry.kind](entry=CommissionEntry.model_validate(entry)))
    return [ledger.posting(entry) for entry in entries]
