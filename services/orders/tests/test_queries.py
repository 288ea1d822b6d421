from typing import Any

import pytest

from services.orders.handlers.commands.orders import cancel_order
from services.orders.handlers.events import keep_assigned_agent, keep_registered_customer, keep_sales_rules
from services.orders.handlers.queries import get_order, get_order_history, list_orders, list_payments
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import ACCOUNTANT, BOB, BOB_HIMSELF, CLERK, NANCY, OLAF, RULES, bob
from services.orders.tests.test_record_payment import pay
from shared.contracts.actor import VISITOR, Actor
from shared.contracts.agents.settings import Attribution, SalesSettingsChanged
from shared.contracts.customers.customers import AgentAssigned, CustomerRegistered
from shared.contracts.orders.orders import CancelOrder, GetOrder, GetOrderHistory, ListOrders, OrderNotFound
from shared.contracts.orders.payments import ListPayments
from shared.contracts.orders.states import OrderStatus, PaymentStatus
from shared.kernel.ids import new_id
from shared.kernel.problems import Malformed
from shared.testing import customer

CARLA = bob(id=new_id(), name="Carla", agent_id=OLAF.id)


async def numbers(desk: Desk, actor: Actor = CLERK, **filters: Any) -> list[int]:
    return [order.number for order in (await desk(list_orders, ListOrders(**filters), actor)).items]


@pytest.fixture
async def two_orders(desk: Desk) -> tuple[Any, Any]:
    """Return an order of Bob, looked after by Nancy, and one of Carla, looked after by Olaf."""
    await desk(keep_registered_customer, CustomerRegistered(customer=CARLA))
    return await desk.place(("chair", 2)), await desk.place(("book", 1), customer_id=CARLA.id, reference="PO 9")


async def test_each_sees_their_own_orders_and_staff_sees_all(desk: Desk, two_orders: Any) -> None:
    bobs, carlas = two_orders

    assert await numbers(desk) == [carlas.number, bobs.number]
    assert await numbers(desk, BOB_HIMSELF) == await numbers(desk, NANCY) == [bobs.number]
    assert await numbers(desk, customer(CARLA.id)) == await numbers(desk, OLAF) == [carlas.number]
    assert await numbers(desk, VISITOR) == await numbers(desk, customer(new_id())) == []


async def test_an_agent_without_a_record_does_not_even_see_what_belongs_to_nobody(desk: Desk) -> None:
    lone = bob(id=new_id(), agent_id=None)
    await desk(keep_registered_customer, CustomerRegistered(customer=lone))
    order = await desk.place(customer_id=lone.id)

    assert order.agent_id is None
    assert await numbers(desk, NANCY.model_copy(update={"id": None})) == []


async def test_another_persons_order_is_not_there(desk: Desk, two_orders: Any) -> None:
    bobs, _ = two_orders

    for stranger in (customer(CARLA.id), OLAF, VISITOR):
        for handler, query in (
            (get_order, GetOrder(id=bobs.id)),
            (get_order_history, GetOrderHistory(id=bobs.id)),
            (list_payments, ListPayments(order_id=bobs.id)),
        ):
            with pytest.raises(OrderNotFound):
                await desk(handler, query, stranger)
    assert await numbers(desk, OLAF, customer_id=BOB.id) == []


async def test_an_agent_sees_the_past_orders_of_a_customer_who_came_to_them_and_keeps_their_own_sales(
    desk: Desk, two_orders: Any
) -> None:
    bobs, carlas = two_orders
    await desk(keep_assigned_agent, AgentAssigned(customer=bob(version=2, agent_id=OLAF.id)))

    assert await numbers(desk, OLAF) == [carlas.number, bobs.number]
    assert await numbers(desk, NANCY) == [bobs.number]


async def test_a_sale_to_another_agents_customer_is_ones_own(desk: Desk, two_orders: Any) -> None:
    rules = {"version": 2, "agents_serve_all": True, "attribution": [Attribution.ACTING_AGENT]}
    await desk(keep_sales_rules, SalesSettingsChanged(settings=RULES.model_copy(update=rules)))
    sold = await desk.place(actor=NANCY, customer_id=CARLA.id)

    assert sold.number in await numbers(desk, NANCY)
    assert await desk(get_order, GetOrder(id=sold.id), NANCY) == sold


async def test_orders_are_filtered_by_what_they_are(desk: Desk, two_orders: Any) -> None:
    bobs, carlas = two_orders
    await pay(desk, bobs, "120")
    await desk(cancel_order, CancelOrder(id=carlas.id, reason="late"))

    assert await numbers(desk, status=OrderStatus.CANCELLED) == [carlas.number]
    assert await numbers(desk, payment_status=PaymentStatus.PAID) == [bobs.number]
    assert await numbers(desk, customer_id=CARLA.id) == [carlas.number]
    assert await numbers(desk, agent_id=NANCY.id) == [bobs.number]
    assert await numbers(desk, number=bobs.number) == [bobs.number]
    assert await numbers(desk, reference="PO 9") == [carlas.number]
    assert await numbers(desk, reference="PO 9", status=OrderStatus.CONFIRMED) == []


async def test_a_list_says_what_a_screen_needs(desk: Desk, two_orders: Any) -> None:
    bobs, _ = two_orders

    [summary] = (await desk(list_orders, ListOrders(customer_id=BOB.id))).items

    assert summary.model_dump() == bobs.model_dump(include=set(type(summary).model_fields))


async def test_pages_follow_each_other_newest_first(desk: Desk) -> None:
    placed = [(await desk.place()).number for _ in range(5)]
    seen: list[int] = []
    cursor = None
    while True:
        page = await desk(list_orders, ListOrders(limit=2, cursor=cursor))
        seen += [order.number for order in page.items]
        cursor = page.next
        if cursor is None:
            break

    assert seen == placed[::-1]
    with pytest.raises(Malformed):
        await desk(list_orders, ListOrders(cursor="made up"))


async def test_reading_takes_few_statements(desk: Desk, two_orders: Any, statements: list[str]) -> None:
    bobs, _ = two_orders
    for handler, query, most in (
        (get_order, GetOrder(id=bobs.id), 2),
        (list_orders, ListOrders(), 1),
        (get_order_history, GetOrderHistory(id=bobs.id), 1),
        (list_payments, ListPayments(order_id=bobs.id), 1),
    ):
        for actor in (ACCOUNTANT, BOB_HIMSELF, NANCY):
            statements.clear()
            await desk(handler, query, actor)
            assert len(statements) == most, statements
