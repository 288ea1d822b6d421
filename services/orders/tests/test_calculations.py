"""What an order was computed from, and who is told."""

from decimal import Decimal
from typing import Any

import pytest

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.queries import get_order, get_order_calculation
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BASE_PRICE, BOB, BOB_HIMSELF, CLERK, COST, NANCY, OLAF, held
from shared.contracts.actor import VISITOR, Actor, Permission
from shared.contracts.agents.settings import Attribution
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.stock import HoldItems
from shared.contracts.orders.calculations import GetOrderCalculation, OrderCalculation
from shared.contracts.orders.orders import CancelOrder, GetOrder, NewLine, OrderNotFound, OrderView
from shared.kernel.ids import derived_id, new_id
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Forbidden
from shared.testing import answering, staff

MANAGER = staff(Permission.ORDERS_READ, Permission.CATALOG_READ)


async def calculated(desk: Desk, order: OrderView, actor: Actor = MANAGER) -> OrderCalculation:
    found: OrderCalculation = await desk(get_order_calculation, GetOrderCalculation(id=order.id), actor)
    return found


async def test_an_order_says_from_what_it_was_computed(desk: Desk) -> None:
    by_hand = NewLine(
        sku="desk",
        quantity=Decimal(2),
        unit_price=UnitPrice(Decimal(19), "EUR"),
        discount_percent=Decimal(5),
    )
    order = await desk.place(actor=NANCY, lines=[by_hand], market="benelux")

    told = await calculated(desk, order)

    assert (told.id, told.number, told.customer_id, told.agent_id) == (order.id, order.number, BOB.id, NANCY.id)
    assert (told.group_ids, told.attribution) == (BOB.group_ids, Attribution.CUSTOMER_AGENT)
    assert (told.market, told.price_mode, told.created_at) == ("benelux", PriceMode.NET, order.created_at)
    [line] = told.lines
    listed = UnitPrice(Decimal("20.04"), "EUR")
    assert (line.list_price, line.computed_price, line.unit_price.amount) == (listed, listed, Decimal(19))
    assert (line.price_list_id, line.price_list_version) == (derived_id("price list", "desk"), 3)
    assert (line.cost, line.discount_percent, line.net) == (COST, Decimal(5), order.lines[0].net)
    assert line.trace == [BASE_PRICE.model_copy(update={"amount_out": listed})]


async def test_the_market_is_the_one_that_catalog_says_where_none_is_named(desk: Desk) -> None:
    assert (await calculated(desk, await desk.place())).market == "home"


async def test_costs_are_told_to_staff_who_may_read_the_catalogue_alone(desk: Desk) -> None:
    order = await desk.place()

    costs = {actor.key: (await calculated(desk, order, actor)).lines[0].cost for actor in (MANAGER, CLERK, NANCY)}

    assert costs == {MANAGER.key: COST, CLERK.key: None, NANCY.key: None}
    assert (await calculated(desk, order, NANCY)).lines[0].trace


@pytest.mark.parametrize("actor", [BOB_HIMSELF, VISITOR])
async def test_a_buyer_is_told_nothing_of_it_whether_there_is_such_an_order_or_not(desk: Desk, actor: Actor) -> None:
    order = await desk.place()

    for id_ in (order.id, new_id()):
        with pytest.raises(Forbidden):
            await desk(get_order_calculation, GetOrderCalculation(id=id_), actor)


async def test_another_agents_order_is_not_there(desk: Desk) -> None:
    order = await desk.place()

    with pytest.raises(OrderNotFound):
        await calculated(desk, order, OLAF)


async def test_neither_the_order_nor_an_event_tells_costs_or_traces(desk: Desk) -> None:
    order = await desk.place(actor=BOB_HIMSELF, customer_id=None)
    read = await desk(get_order, GetOrder(id=order.id), BOB_HIMSELF)
    await desk(cancel_order, CancelOrder(id=order.id, reason="late"))

    told = [shown.model_dump_json() for shown in (order, read, *desk.emitted)]
    assert len(told) == 4
    for text in told:
        assert "trace" not in text
        assert "cost" not in text
        assert str(COST.amount) not in text
        assert str(derived_id("price list", "chair")) not in text


async def test_an_order_of_a_catalog_that_told_nothing_of_it_has_none(desk: Desk) -> None:
    def as_before(hold: HoldItems) -> Any:
        new = {"computed_price", "cost", "price_list_id", "price_list_version", "trace"}
        told = held(hold).model_dump(exclude={"lines": {"__all__": new}, "market": True, "price_mode": True})
        return type(held(hold)).model_validate(told)

    desk.ask = answering(HoldItems=as_before)
    told = await calculated(desk, await desk.place())

    [line] = told.lines
    assert (line.computed_price, line.cost, line.price_list_id, line.price_list_version) == (None, None, None, None)
    assert (line.trace, told.market) == ([], None)


async def test_a_calculation_takes_two_statements(desk: Desk, statements: list[str]) -> None:
    order = await desk.place(("chair", 2), ("book", 3), ("pen", 1))
    statements.clear()

    await calculated(desk, order)

    assert len(statements) == 2, statements


async def test_what_nobody_asks_for_is_not_read(desk: Desk, statements: list[str]) -> None:
    order = await desk.place()
    statements.clear()

    await desk(get_order, GetOrder(id=order.id))

    assert not any("trace" in statement for statement in statements)
