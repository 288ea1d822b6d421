"""The commission ledger: entries, balances, and who stood where when an order was placed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Uuid,
    all_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, array, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import LateralFromClause

from services.agents.domain.commission import Link
from services.agents.domain.ledger import Movement, Posting
from services.agents.models import Balance, Entry, Standing
from shared.contracts.actor import Actor, ActorType, Permission
from shared.contracts.agents.commissions import ListCommissions
from shared.contracts.orders.orders import OrderSnapshot
from shared.database.columns import AMOUNT
from shared.kernel.ids import new_id

balances_table = cast(Table, Balance.__table__)


def _standing(agent_id: ColumnElement[UUID]) -> LateralFromClause:
    """Return how an agent stood at a moment: the newest of the rows that held by then."""
    held = or_(Standing.since.is_(None), Standing.since <= bindparam("moment"))
    fields = (
        Standing.agent_id,
        Standing.parent_id,
        Standing.active,
        Standing.commission_percent,
        Standing.override_percent,
    )
    newest = select(*fields).where(Standing.agent_id == agent_id, held).order_by(Standing.id.desc()).limit(1)
    return newest.lateral()


def _upline() -> Select[Any]:
    seller = _standing(bindparam("seller_id", type_=Uuid()))
    path = array([seller.c.agent_id]).label("path")
    line = select(literal(0).label("level"), path, *seller.c).cte("upline", recursive=True)
    manager = _standing(line.c.parent_id)
    # Moves made in the same instant may be read as one above the other both ways: nobody is passed twice.
    once = manager.c.agent_id != all_(line.c.path)
    longer = func.array_append(line.c.path, manager.c.agent_id)
    line = line.union_all(select(line.c.level + 1, longer, *manager.c).join_from(line, manager, true()).where(once))
    fields = (line.c.agent_id, line.c.active, line.c.commission_percent, line.c.override_percent)
    return select(*fields).order_by(line.c.level)


def _add_prospects() -> Insert:
    new = insert(balances_table)
    accrued = balances_table.c.accrued_amount + new.excluded.accrued_amount
    return new.on_conflict_do_update(index_elements=["agent_id", "currency"], set_={"accrued_amount": accrued})


# Written once: a statement put together anew, or with its rows inside it, costs more to compile than to run.
UPLINE = _upline()
ENTER = insert(Entry).on_conflict_do_nothing(constraint="uq_entries_once").returning(Entry)
ADD_PROSPECTS = _add_prospects()
MOVE = (
    update(balances_table)
    .where(balances_table.c.agent_id == bindparam("of"), balances_table.c.currency == bindparam("of_currency"))
    .values(
        accrued_amount=balances_table.c.accrued_amount + bindparam("by", type_=AMOUNT),
        earned_amount=balances_table.c.earned_amount + bindparam("by_earned", type_=AMOUNT),
    )
)


def earnings_visible_to(actor: Actor, agent_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return whose earnings an actor may see: everyone's, or only their own."""
    if actor.may(Permission.COMMISSIONS_READ):
        return true()
    if actor.type is ActorType.AGENT and actor.may(Permission.COMMISSIONS_READ_OWN):
        return agent_id == actor.id
    return false()


async def upline(session: AsyncSession, seller_id: UUID, moment: datetime) -> list[Link]:
    """Return a seller and everyone above them, the seller first, as they stood at a moment. One statement."""
    return [Link(*row) for row in await session.execute(UPLINE, {"seller_id": seller_id, "moment": moment})]


async def lock_ledger(session: AsyncSession, order: OrderSnapshot) -> list[Posting]:
    """Return what the ledger says of an order, once the balances it moves are locked, in agent id order."""
    earners = select(Entry.agent_id).where(Entry.order_id == order.id)
    theirs = select(Balance.agent_id).where(Balance.agent_id.in_(earners), Balance.currency == order.currency)
    if not (await session.scalars(theirs.order_by(Balance.agent_id).with_for_update())).all():
        return []
    entries = await session.scalars(select(Entry).where(Entry.order_id == order.id).order_by(Entry.level, Entry.id))
    return [posting(entry) for entry in entries]


def posting(entry: Entry) -> Posting:
    """Return what an entry says."""
    return Posting(entry.agent_id, entry.level, entry.kind, entry.percent, entry.basis, entry.amount)


async def enter(
    session: AsyncSession, order: OrderSnapshot, postings: Sequence[Posting], moment: datetime
) -> Sequence[Entry]:
    """Write postings, in agent id order, and return those that were not in the ledger yet, by level. One statement."""
    rows = [
        {
            "id": new_id(),
            "agent_id": one.agent_id,
            "seller_id": order.agent_id,
            "order_id": order.id,
            "order_number": order.number,
            "kind": one.kind,
            "level": one.level,
            "percent": one.percent,
            "basis_amount": one.basis.amount,
            "basis_currency": one.basis.currency,
            "amount_amount": one.amount.amount,
            "amount_currency": one.amount.currency,
            "created_at": moment,
        }
        for one in sorted(postings, key=lambda posting: posting.agent_id)
    ]
    return sorted(await session.scalars(ENTER, rows), key=lambda entry: entry.level)


async def add_prospects(session: AsyncSession, currency: str, movements: Sequence[Movement]) -> None:
    """Raise what agents have accrued, in agent id order, and open a balance for whoever has none. One batch."""
    rows = [
        {"agent_id": one.agent_id, "currency": currency, "accrued_amount": one.accrued, "earned_amount": one.earned}
        for one in movements
    ]
    await (await session.connection()).execute(ADD_PROSPECTS, rows)


async def move_balances(session: AsyncSession, currency: str, movements: Sequence[Movement]) -> None:
    """Move balances that `lock_ledger` has locked. One batch."""
    moved = [
        {"of": one.agent_id, "of_currency": currency, "by": one.accrued, "by_earned": one.earned} for one in movements
    ]
    await (await session.connection()).execute(MOVE, moved)


async def balances(session: AsyncSession, agent_id: UUID) -> Sequence[Balance]:
    """Return an agent's balances, by currency."""
    return (await session.scalars(select(Balance).where(Balance.agent_id == agent_id).order_by(Balance.currency))).all()


def entries(query: ListCommissions, visible: ColumnElement[bool]) -> Select[Entry]:
    """Return the statement for the ledger entries a list asks for."""
    wanted = {Entry.agent_id: query.agent_id, Entry.order_id: query.order_id, Entry.kind: query.kind}
    return select(Entry).where(visible, *(field == value for field, value in wanted.items() if value))
