"""What must hold in agents at rest, as sentences about each drift."""

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.agents.models import Agent, AgentGroup, Balance, Entry, Standing
from shared.contracts.agents.agents import AgentStatus
from shared.contracts.agents.commissions import EntryKind
from shared.messaging.invariants import Invariant

# How each kind of entry moves the two balances; what is taken back is below zero itself.
ACCRUED = {EntryKind.ACCRUED: 1, EntryKind.EARNED: -1, EntryKind.CANCELLED: 1}
EARNED = {EntryKind.EARNED: 1, EntryKind.REVERSED: 1}


async def balances_are_the_sum_of_their_entries(session: AsyncSession) -> list[str]:
    sums = (
        select(Entry.agent_id, _currency().label("currency"), _sum(ACCRUED), _sum(EARNED))
        .group_by(Entry.agent_id, _currency())
        .subquery()
    )
    same = and_(sums.c.agent_id == Balance.agent_id, sums.c.currency == Balance.currency)
    drifted = or_(
        Balance.accrued_amount.is_distinct_from(sums.c.accrued),
        Balance.earned_amount.is_distinct_from(sums.c.earned),
    )
    whose = (func.coalesce(Balance.agent_id, sums.c.agent_id), func.coalesce(Balance.currency, sums.c.currency))
    rows = await session.execute(select(*whose).select_from(Balance).join(sums, same, full=True).where(drifted))
    return [
        f"the balance of agent {agent_id} in {currency} is not the sum of its entries" for agent_id, currency in rows
    ]


async def no_prospect_is_below_zero(session: AsyncSession) -> list[str]:
    below = select(Balance.agent_id).where(Balance.accrued_amount < 0)
    return [f"agent {agent_id} has accrued less than nothing" for agent_id in await session.scalars(below)]


async def nothing_is_earned_or_taken_back_twice(session: AsyncSession) -> list[str]:
    share = (Entry.order_id, Entry.agent_id, Entry.level)
    wrong = or_(_sum(ACCRUED) < 0, _sum(EARNED) < 0)
    rows = await session.execute(select(*share).group_by(*share).having(wrong))
    return [
        f"of order {order_id}, agent {agent_id} earned or gave back more than accrued at level {level}"
        for order_id, agent_id, level in rows
    ]


async def no_agent_stands_above_themselves(session: AsyncSession) -> list[str]:
    reached = select(Agent.id).where(Agent.parent_id.is_(None)).cte("reached", recursive=True)
    reached = reached.union(select(Agent.id).where(Agent.parent_id == reached.c.id))
    lost = select(Agent.id).where(Agent.id.not_in(select(reached.c.id)))
    return [f"agent {agent_id} stands in a circle of parents" for agent_id in await session.scalars(lost)]


async def the_newest_standing_is_the_present_one(session: AsyncSession) -> list[str]:
    by_agent = select(Standing).order_by(Standing.agent_id, Standing.id.desc())
    stands = aliased(Standing, by_agent.ext(distinct_on(Standing.agent_id)).subquery())
    present = (
        (stands.parent_id, Agent.parent_id),
        (stands.active, Agent.status == AgentStatus.ACTIVE),
        (stands.commission_percent, AgentGroup.commission_percent),
        (stands.override_percent, AgentGroup.override_percent),
    )
    drifted = or_(*(kept.is_distinct_from(now) for kept, now in present))
    statement = select(Agent.id).join(AgentGroup, AgentGroup.id == Agent.group_id)
    rows = await session.scalars(statement.outerjoin(stands, stands.agent_id == Agent.id).where(drifted))
    return [f"agent {agent_id} earns by a standing that is not the present one" for agent_id in rows]


def _currency() -> ColumnElement[str]:
    return Entry.__table__.c.amount_currency


def _sum(signs: dict[EntryKind, int]) -> ColumnElement[object]:
    sign = case(*((Entry.kind == kind, literal(sign)) for kind, sign in signs.items()), else_=0)
    return func.sum(Entry.__table__.c.amount_amount * sign).label("accrued" if signs is ACCRUED else "earned")


ALL: tuple[Invariant, ...] = (
    balances_are_the_sum_of_their_entries,
    no_prospect_is_below_zero,
    nothing_is_earned_or_taken_back_twice,
    no_agent_stands_above_themselves,
    the_newest_standing_is_the_present_one,
)
