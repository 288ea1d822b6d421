from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from services.agents.handlers.commands.agents import change_agent, move_agent
from services.agents.handlers.commands.groups import change_agent_group
from services.agents.handlers.events import accrue_commission, earn_commission, take_back_commission
from services.agents.handlers.queries import get_statement
from services.agents.invariants import ALL
from services.agents.models import Entry, Standing
from services.agents.tests.conftest import Desk
from services.agents.tests.samples import a_line, a_sale, a_team, euros
from shared.contracts.agents.agents import AgentStatus, ChangeAgent, MoveAgent
from shared.contracts.agents.commissions import (
    CommissionAccrued,
    CommissionEarned,
    CommissionReversed,
    EntryKind,
    GetStatement,
)
from shared.contracts.agents.groups import ChangeAgentGroup
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed, OrderSnapshot
from shared.contracts.orders.payments import OrderPaid
from shared.kernel import clock
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler

K = EntryKind


def confirmed(order: OrderSnapshot) -> tuple[Handler, OrderConfirmed]:
    return accrue_commission, OrderConfirmed(order=order)


def paid(order: OrderSnapshot) -> tuple[Handler, OrderPaid]:
    return earn_commission, OrderPaid(order=order)


def cancelled(order: OrderSnapshot) -> tuple[Handler, OrderCancelled]:
    return take_back_commission, OrderCancelled(order=order, reason="changed their mind")


async def balance(desk: Desk, agent_id: UUID) -> tuple[Decimal, Decimal]:
    balances = (await desk(get_statement, GetStatement(agent_id=agent_id))).balances
    return (balances[0].accrued.amount, balances[0].earned.amount) if balances else (Decimal(0), Decimal(0))


async def drift(desk: Desk) -> list[str]:
    session = desk.work_as().session
    return [sentence for check in ALL for sentence in await check(session)]


async def test_a_confirmed_sale_accrues_for_the_seller_and_everyone_above(desk: Desk) -> None:
    seller, manager, director = await a_team(desk)
    sale = a_sale(seller.id, "600.00", "400.00")
    desk.emitted.clear()

    await desk(*confirmed(sale))

    told = [event.entry for event in desk.emitted if isinstance(event, CommissionAccrued)]
    assert [(one.level, one.agent_id, one.percent, one.basis, one.amount) for one in told] == [
        (0, seller.id, Decimal(5), euros("1000.00"), euros("50.00")),
        (1, manager.id, Decimal(10), euros("50.00"), euros("5.00")),
        (2, director.id, Decimal(10), euros("5.00"), euros("0.50")),
    ]
    assert {(one.seller_id, one.order_id, one.order_number) for one in told} == {(seller.id, sale.id, 1001)}
    assert [await balance(desk, one.id) for one in (seller, manager, director)] == [
        (50, 0),
        (5, 0),
        (Decimal("0.5"), 0),
    ]


async def test_nothing_is_earned_on_a_surcharge(desk: Desk) -> None:
    seller, _, _ = await a_team(desk)
    fee = {"surcharge": euros("15.00"), "net": euros("115.00"), "tax": euros("23.00"), "total": euros("138.00")}
    await desk(*confirmed(a_sale(seller.id, "100.00", **fee)))

    assert await balance(desk, seller.id) == (5, 0)


async def test_a_paid_sale_is_earned(desk: Desk) -> None:
    seller, manager, _ = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")
    await desk(*confirmed(sale))
    desk.emitted.clear()

    await desk(*paid(sale))

    assert [type(event) for event in desk.emitted] == [CommissionEarned] * 3
    assert [await balance(desk, one.id) for one in (seller, manager)] == [(0, 50), (0, 5)]
    assert await drift(desk) == []


@pytest.mark.parametrize(("before", "kind"), [([confirmed], K.CANCELLED), ([confirmed, paid], K.REVERSED)])
async def test_a_cancelled_sale_is_taken_back(desk: Desk, before: Sequence[Any], kind: EntryKind) -> None:
    seller, manager, _ = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")
    for step in before:
        await desk(*step(sale))
    desk.emitted.clear()

    await desk(*cancelled(sale))

    told = [event.entry for event in desk.emitted if isinstance(event, CommissionReversed)]
    assert [(one.kind, one.amount) for one in told] == [
        (kind, euros("-50.00")),
        (kind, euros("-5.00")),
        (kind, euros("-0.50")),
    ]
    assert [await balance(desk, one.id) for one in (seller, manager)] == [(0, 0), (0, 0)]
    assert await drift(desk) == []


STORIES = [
    [confirmed],
    [confirmed, paid],
    [confirmed, cancelled],
    [confirmed, paid, cancelled],
    [confirmed, cancelled, paid],
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(step.__name__ for step in story))
async def test_an_event_heard_twice_changes_nothing_more(desk: Desk, story: Sequence[Any]) -> None:
    seller, *_ = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")
    for step in story:
        await desk(*step(sale))
        once, told = await balance(desk, seller.id), len(desk.emitted)
        await desk(*step(sale))
        assert (await balance(desk, seller.id), len(desk.emitted)) == (once, told)
    for step in story:  # the whole story once more, as after a replay
        await desk(*step(sale))
        assert (await balance(desk, seller.id), len(desk.emitted)) == (once, told)
    assert await drift(desk) == []


@pytest.mark.parametrize(("late", "expected"), [(paid, (0, 50)), (cancelled, (0, 0))])
async def test_a_confirmation_that_was_parked_finds_its_commission_there(
    desk: Desk, late: Any, expected: tuple[int, int]
) -> None:
    seller, *_ = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")

    await desk(*late(sale))
    assert await balance(desk, seller.id) == expected
    told = len(desk.emitted)
    await desk(*confirmed(sale))

    assert (await balance(desk, seller.id), len(desk.emitted)) == (expected, told)
    assert await drift(desk) == []


@pytest.mark.parametrize("step", [confirmed, paid, cancelled])
async def test_a_sale_of_nobody_or_of_an_agent_never_registered_earns_nothing(desk: Desk, step: Any) -> None:
    await a_team(desk)
    desk.emitted.clear()

    await desk(*step(a_sale(None)))
    await desk(*step(a_sale(new_id())))

    assert desk.emitted == []
    assert (await desk.work_as().session.scalars(select(Entry))).all() == []


async def test_a_sale_with_nothing_commissionable_earns_nothing(desk: Desk) -> None:
    seller, *_ = await a_team(desk)
    sale = a_sale(seller.id, lines=[a_line(euros("80.00"), commissionable=False)])

    for step in (confirmed, paid, cancelled):
        await desk(*step(sale))

    assert await balance(desk, seller.id) == (0, 0)


async def test_a_suspended_seller_earns_nothing_and_a_suspended_manager_only_loses_their_own(desk: Desk) -> None:
    seller, manager, director = await a_team(desk)
    await desk(change_agent, ChangeAgent(id=manager.id, expected_version=1, status=AgentStatus.SUSPENDED))
    await desk(*confirmed(a_sale(seller.id, "1000.00")))
    assert [await balance(desk, one.id) for one in (seller, manager, director)] == [
        (50, 0),
        (0, 0),
        (Decimal("0.5"), 0),
    ]

    await desk(change_agent, ChangeAgent(id=seller.id, expected_version=1, status=AgentStatus.SUSPENDED))
    await desk(*confirmed(a_sale(seller.id, "1000.00")))
    assert await balance(desk, seller.id) == (50, 0)


async def test_an_order_earns_by_what_was_in_force_when_it_was_placed(desk: Desk) -> None:
    seller, manager, director = await a_team(desk)
    heard_late = a_sale(seller.id, "1000.00", created_at=clock.now() - timedelta(seconds=1))
    group = ChangeAgentGroup(id=seller.group_id, expected_version=1, commission_percent=Decimal(50))
    await desk(change_agent_group, group)
    await desk(move_agent, MoveAgent(id=seller.id, expected_version=1, parent_id=director.id))
    await desk(change_agent, ChangeAgent(id=manager.id, expected_version=1, status=AgentStatus.SUSPENDED))

    await desk(*confirmed(heard_late))
    assert [await balance(desk, one.id) for one in (seller, manager, director)] == [
        (50, 0),
        (5, 0),
        (Decimal("0.5"), 0),
    ]

    await desk(*confirmed(a_sale(seller.id, "1000.00")))
    assert [await balance(desk, one.id) for one in (seller, manager, director)] == [
        (550, 0),
        (5, 0),
        (Decimal("50.5"), 0),
    ]


async def test_what_accrued_is_earned_even_when_the_agent_is_suspended_since(desk: Desk) -> None:
    seller, *_ = await a_team(desk)
    sale = a_sale(seller.id, "1000.00")
    await desk(*confirmed(sale))
    await desk(change_agent, ChangeAgent(id=seller.id, expected_version=1, status=AgentStatus.SUSPENDED))

    await desk(*paid(sale))

    assert await balance(desk, seller.id) == (0, 50)


@pytest.mark.parametrize("model", [Entry, Standing])
@pytest.mark.parametrize("change", [update, delete])
async def test_the_ledger_and_the_standings_are_append_only(desk: Desk, model: Any, change: Any) -> None:
    statement = change(model)
    if change is update:
        statement = statement.values(agent_id=new_id())
    with pytest.raises(ProgrammingError, match="permission denied"):
        await desk.work_as().session.execute(statement)


async def test_a_drift_of_a_balance_is_named(desk: Desk) -> None:
    seller, *_ = await a_team(desk)
    await desk(*confirmed(a_sale(seller.id, "1000.00")))
    session = desk.work_as().session
    await session.execute(text("UPDATE balances SET earned_amount = 1 WHERE agent_id = :id"), {"id": seller.id})

    found = [sentence for check in ALL for sentence in await check(session)]

    assert found == [f"the balance of agent {seller.id} in EUR is not the sum of its entries"]
