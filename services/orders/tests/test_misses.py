"""What a placement does when nothing was heard yet of those who take part in it."""

from collections.abc import Callable
from typing import Any

import pytest

from services.orders import repository
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BOB, CLERK, NANCY, RULES, bob, held, nancy, terms
from shared.contracts.agents.agents import AgentNotFound, GetSeller
from shared.contracts.catalog.stock import HoldItems
from shared.contracts.customers.customers import CustomerNotFound, GetBuyer
from shared.kernel.ids import new_id
from shared.kernel.problems import Forbidden
from shared.messaging.work import UnitOfWork
from shared.testing import answering, customer


@pytest.fixture
def early_desk(work_as: Callable[..., UnitOfWork]) -> Desk:
    """Return a desk in a shop that has heard of nobody yet."""
    desk = Desk(work_as)
    desk.ask = answering(HoldItems=held, GetBuyer=BOB, GetSeller=terms(nancy()))
    return desk


def asked(desk: Desk) -> list[type[Any]]:
    return [type(request) for request in desk.ask.requests]


async def test_who_was_not_heard_of_is_asked_for_once_and_kept(early_desk: Desk) -> None:
    first = await early_desk.place(actor=NANCY)
    assert asked(early_desk) == [GetBuyer, GetSeller, HoldItems]

    second = await early_desk.place(actor=NANCY)
    assert asked(early_desk) == [GetBuyer, GetSeller, HoldItems, HoldItems]
    assert first.agent_id == second.agent_id == NANCY.id


async def test_a_customer_without_an_agent_needs_no_agent_asked_for(early_desk: Desk) -> None:
    lone = bob(agent_id=None)
    early_desk.ask = answering(HoldItems=held, GetBuyer=lone)

    order = await early_desk.place(actor=customer(BOB.id), customer_id=None)

    assert asked(early_desk) == [GetBuyer, HoldItems]
    assert order.agent_id is None


async def test_a_customer_nobody_knows_is_not_there(early_desk: Desk) -> None:
    early_desk.ask = answering(GetBuyer=CustomerNotFound())

    with pytest.raises(CustomerNotFound):
        await early_desk.place(customer_id=new_id())


async def test_a_customers_agent_nobody_knows_has_no_sale(early_desk: Desk) -> None:
    early_desk.ask = answering(HoldItems=held, GetBuyer=BOB, GetSeller=AgentNotFound())

    assert (await early_desk.place(actor=CLERK)).agent_id is None


async def test_an_agent_nobody_knows_sells_nothing(early_desk: Desk) -> None:
    early_desk.ask = answering(HoldItems=held, GetBuyer=BOB, GetSeller=AgentNotFound())

    with pytest.raises(Forbidden):
        await early_desk.place(actor=NANCY)


async def test_the_rules_are_asked_for_where_only_they_are_missing(early_desk: Desk) -> None:
    work = early_desk.work_as()
    await repository.keep(work.session, repository.buyer_of(BOB))
    await repository.keep(work.session, repository.seller_of(nancy(version=7)))
    await work.session.commit()
    early_desk.ask = answering(HoldItems=held, GetSeller=terms(nancy(), RULES))

    order = await early_desk.place(actor=NANCY)

    assert asked(early_desk) == [GetSeller, HoldItems]
    assert order.agent_id == NANCY.id
