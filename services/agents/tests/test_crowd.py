"""What holds when several do it at once, each on a connection of their own."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, text

from services.agents.handlers.commands.agents import move_agent
from services.agents.handlers.commands.groups import change_agent_group
from services.agents.handlers.events import accrue_commission, earn_commission, take_back_commission
from services.agents.handlers.queries import get_agent, get_statement
from services.agents.invariants import ALL
from services.agents.models import Entry
from services.agents.settings import Settings, use
from services.agents.tests.conftest import Crowd
from services.agents.tests.samples import a_group, a_sale, an_agent, euros
from shared.contracts.agents.agents import (
    AgentChanged,
    AgentRegistered,
    AgentSnapshot,
    AgentView,
    GetAgent,
    MoveAgent,
    TeamCycle,
)
from shared.contracts.agents.commissions import EntryKind, GetStatement
from shared.contracts.agents.groups import AgentGroupView, ChangeAgentGroup
from shared.contracts.base import Envelope
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.contracts.orders.payments import OrderPaid
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler
from shared.messaging.tables import OutboxRow
from shared.testing import eventually


async def some(crowd: Crowd, count: int, parent: AgentView | None = None) -> tuple[AgentGroupView, list[AgentView]]:
    group = await a_group(crowd, f"g{new_id().hex[-12:]}")
    return group, [await an_agent(crowd, f"a{new_id().hex[-12:]}", group, parent) for _ in range(count)]


async def drift(crowd: Crowd) -> list[str]:
    async with crowd.work() as work:
        return [sentence for check in ALL for sentence in await check(work.session)]


async def last_told(crowd: Crowd, agent_id: UUID) -> AgentSnapshot:
    newest = select(OutboxRow.body).where(OutboxRow.aggregate_id == agent_id).order_by(OutboxRow.id.desc()).limit(1)
    async with crowd.work() as work:
        told = Envelope.read((await work.session.scalars(newest)).one()).event()
    assert isinstance(told, (AgentRegistered, AgentChanged))
    return told.agent


async def someone_waits(crowd: Crowd) -> None:
    async with crowd.work() as work:
        waiting = await work.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        assert waiting


async def test_two_moves_at_once_never_make_a_circle(crowd: Crowd, shop: Settings) -> None:
    use(shop.model_copy(update={"max_team_levels": 0}))
    _, (one, other) = await some(crowd, 2)
    _, [below_one] = await some(crowd, 1, one)
    _, [below_other] = await some(crowd, 1, other)

    async with crowd.work() as work:
        await move_agent(MoveAgent(id=one.id, expected_version=1, parent_id=below_other.id), work)
        second = asyncio.create_task(
            crowd(move_agent, MoveAgent(id=other.id, expected_version=1, parent_id=below_one.id))
        )
        await eventually(lambda: someone_waits(crowd))

    with pytest.raises(TeamCycle):
        await second
    assert await drift(crowd) == []


async def test_many_moves_at_once_leave_a_tree(crowd: Crowd, shop: Settings) -> None:
    use(shop.model_copy(update={"max_team_levels": 0}))
    _, agents = await some(crowd, 6)
    moves = [
        MoveAgent(id=agent.id, expected_version=1, parent_id=agents[(place + 1) % 6].id)
        for place, agent in enumerate(agents)
    ]

    answers = await asyncio.gather(*(crowd(move_agent, move) for move in moves), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["AgentView"] * 5 + ["TeamCycle"]
    assert await drift(crowd) == []


async def test_many_sales_at_once_add_up_in_everyones_balance(crowd: Crowd) -> None:
    group = await a_group(crowd, f"g{new_id().hex[-12:]}")
    manager = await an_agent(crowd, f"a{new_id().hex[-12:]}", group)
    sellers = [await an_agent(crowd, f"a{new_id().hex[-12:]}", group, manager) for _ in range(4)]
    sales = [a_sale(seller.id, "100.00") for seller in sellers for _ in range(5)]

    await asyncio.gather(*(crowd(accrue_commission, OrderConfirmed(order=sale)) for sale in sales))
    halves = (sales[::2], sales[1::2])
    await asyncio.gather(
        *(crowd(earn_commission, OrderPaid(order=sale)) for sale in halves[0]),
        *(crowd(take_back_commission, OrderCancelled(order=sale, reason="late")) for sale in halves[1]),
    )

    statement = await crowd(get_statement, GetStatement(agent_id=manager.id))
    [balance] = statement.balances
    assert (balance.accrued, balance.earned) == (euros("0.00"), euros("5.00"))
    assert await drift(crowd) == []


async def test_the_same_sale_told_many_times_at_once_counts_once(crowd: Crowd) -> None:
    _, [seller] = await some(crowd, 1)
    sale = a_sale(seller.id, "100.00")

    await asyncio.gather(*(crowd(accrue_commission, OrderConfirmed(order=sale)) for _ in range(5)))
    await asyncio.gather(
        *(crowd(earn_commission, OrderPaid(order=sale)) for _ in range(5)),
        *(crowd(take_back_commission, OrderCancelled(order=sale, reason="late")) for _ in range(5)),
    )

    async with crowd.work() as work:
        kinds = list(await work.session.scalars(select(Entry.kind).where(Entry.order_id == sale.id)))
    assert sorted(kinds) in (
        [EntryKind.ACCRUED, EntryKind.CANCELLED],
        [EntryKind.ACCRUED, EntryKind.EARNED, EntryKind.REVERSED],
    )
    assert await drift(crowd) == []


async def test_a_newcomer_never_misses_a_change_of_their_group(crowd: Crowd) -> None:
    group, [known] = await some(crowd, 1)

    async def newcomer() -> UUID:
        return (await an_agent(crowd, f"a{new_id().hex[-12:]}", group)).id

    change = ChangeAgentGroup(id=group.id, expected_version=1, max_discount_percent=34)
    *new, _ = await asyncio.gather(*(newcomer() for _ in range(5)), crowd(change_agent_group, change))

    for id_ in (known.id, *new):
        assert (await crowd(get_agent, GetAgent(id=id_))).max_discount_percent == 34
        assert (await last_told(crowd, id_)).max_discount_percent == 34
    assert await drift(crowd) == []


async def test_a_batch_of_sales_and_a_change_of_group_never_wait_for_each_other(crowd: Crowd) -> None:
    group, (one, other) = await some(crowd, 2)
    change = ChangeAgentGroup(id=group.id, expected_version=1, max_discount_percent=10, override_percent=20)

    async with crowd.work() as batch:
        await accrue_commission(OrderConfirmed(order=a_sale(max(one.id, other.id), "100.00")), batch)
        await crowd(change_agent_group, change)
        await accrue_commission(OrderConfirmed(order=a_sale(min(one.id, other.id), "100.00")), batch)

    assert await drift(crowd) == []


@pytest.mark.parametrize(
    ("handler", "event", "kind"),
    [(earn_commission, OrderPaid, EntryKind.EARNED), (take_back_commission, OrderCancelled, EntryKind.CANCELLED)],
)
async def test_what_follows_a_sale_is_not_lost_beside_a_late_confirmation(
    crowd: Crowd, handler: Handler, event: type[OrderPaid | OrderCancelled], kind: EntryKind
) -> None:
    """A confirmation that was parked is retried at the very moment the payment or the cancellation is heard."""
    _, [seller] = await some(crowd, 1)
    sale = a_sale(seller.id, "1000.00")
    said = {"reason": "late"} if event is OrderCancelled else {}

    async with crowd.work() as work:
        await accrue_commission(OrderConfirmed(order=sale), work)
        second = asyncio.create_task(crowd(handler, event(order=sale, **said)))
        await eventually(lambda: someone_waits(crowd))
    await second

    async with crowd.work() as work:
        kinds = (await work.session.scalars(select(Entry.kind).where(Entry.order_id == sale.id))).all()
    assert sorted(kinds) == sorted([EntryKind.ACCRUED, kind])
    assert await drift(crowd) == []
