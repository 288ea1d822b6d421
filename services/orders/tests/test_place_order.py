from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.orders.handlers.commands.orders import place_order
from services.orders.handlers.events import keep_changed_agent, keep_changed_customer, keep_sales_rules
from services.orders.handlers.queries import get_order, get_order_history
from services.orders.invariants import ALL
from services.orders.tests.conftest import Desk
from services.orders.tests.samples import BOB, BOB_HIMSELF, CLERK, NANCY, OLAF, RULES, bob, euros, held, nancy, olaf
from shared.contracts.actor import ActorRef, ActorType
from shared.contracts.agents.agents import AgentChanged, AgentStatus
from shared.contracts.agents.settings import Attribution, SalesSettingsChanged
from shared.contracts.catalog.stock import HoldItems, OutOfStock, ReleaseHold
from shared.contracts.customers.customers import (
    AccountPending,
    CustomerChanged,
    CustomerNotFound,
    CustomerStatus,
    CustomerSuspended,
)
from shared.contracts.orders.orders import GetOrder, GetOrderHistory, NewLine, OrderConfirmed, PlaceOrder, TaxLine
from shared.contracts.orders.payments import OrderPaid
from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentStatus
from shared.kernel.money import UnitPrice
from shared.kernel.problems import Forbidden, Malformed
from shared.testing import answering


async def test_an_agent_places_an_order_for_their_customer(desk: Desk) -> None:
    order = await desk.place(("chair", 2), ("book", 3), actor=NANCY, reference="PO 7")

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.AWAITING)
    assert (order.fulfilment_status, order.label) == (FulfilmentStatus.UNFULFILLED, "En attente de virement")
    assert order.placed_by == ActorRef(type=ActorType.AGENT, id=NANCY.id, name="Agent", on_behalf_of=BOB.id)
    assert (order.customer_id, order.customer_name, order.agent_id) == (BOB.id, "Bob", NANCY.id)
    assert (order.net, order.tax, order.total) == (euros("109.99"), euros("20.55"), euros("130.54"))
    assert order.taxes == [
        TaxLine(rate=Decimal(20), net=euros("100"), tax=euros("20")),
        TaxLine(rate=Decimal("5.5"), net=euros("9.99"), tax=euros("0.55")),
    ]
    assert [line.position for line in order.lines] == [1, 2]
    assert (order.reference, order.version, order.paid) == ("PO 7", 1, euros("0"))


async def test_what_is_read_back_is_what_was_answered(desk: Desk) -> None:
    order = await desk.place(("chair", 2), ("book", 3))

    assert await desk(get_order, GetOrder(id=order.id)) == order


async def test_the_event_tells_listeners_all_they_need(desk: Desk) -> None:
    order = await desk.place(("chair", 2), actor=NANCY)

    [confirmed] = desk.emitted
    assert isinstance(confirmed, OrderConfirmed)
    told = confirmed.order
    assert told.buyer.model_dump() == BOB.model_dump(include=set(type(told.buyer).model_fields))
    assert (told.agent_id, told.attribution) == (NANCY.id, Attribution.CUSTOMER_AGENT)
    assert (told.id, told.version, told.number, told.total) == (order.id, 1, order.number, order.total)
    assert told.lines[0].commissionable
    assert confirmed.aggregate_id() == order.id


async def test_the_history_begins_with_the_placement(desk: Desk) -> None:
    order = await desk.place(actor=NANCY)

    [entry] = (await desk(get_order_history, GetOrderHistory(id=order.id))).items
    assert (entry.axis, entry.before, entry.after, entry.actor) == ("order", None, "confirmed", order.placed_by)
    assert entry.at == order.created_at


async def test_a_price_set_by_hand_and_a_discount_are_kept_beside_the_list_price(desk: Desk) -> None:
    price = UnitPrice(Decimal("14.40"), "EUR")
    lines = [NewLine(sku="desk", quantity=Decimal(10), unit_price=price, discount_percent=Decimal("15"))]
    order = await desk.place(actor=NANCY, lines=lines)

    [line] = order.lines
    assert (line.list_price.amount, line.unit_price, line.price_reason) == (Decimal("20.04"), price, "agent")
    assert (line.discount_percent, line.net) == (Decimal(15), euros("122.40"))
    [hold] = desk.ask.requests
    assert (hold.lines[0].unit_price, hold.lines[0].discount_percent) == (price, Decimal(15))


async def test_a_customer_orders_for_themselves(desk: Desk) -> None:
    order = await desk.place(actor=BOB_HIMSELF, customer_id=None)

    assert order.placed_by == ActorRef(type=ActorType.CUSTOMER, id=BOB.id, name="Customer")
    assert order.agent_id == NANCY.id


async def test_an_agent_without_a_name_in_their_token_is_named_all_the_same(desk: Desk) -> None:
    order = await desk.place(actor=NANCY.model_copy(update={"name": None}))

    assert order.placed_by.name == "Nancy"


async def test_only_the_hold_is_asked_for_and_given_back_when_the_rest_fails(desk: Desk) -> None:
    order = await desk.place()

    [hold] = desk.ask.requests
    assert isinstance(hold, HoldItems)
    assert (hold.order_id, hold.customer_id, hold.currency) == (order.id, BOB.id, "EUR")
    assert desk.undo == [ReleaseHold(order_id=order.id)]


async def test_a_hold_that_was_refused_is_not_given_back(desk: Desk) -> None:
    desk.ask = answering(HoldItems=OutOfStock())

    with pytest.raises(OutOfStock):
        await desk.place()

    assert (desk.undo, desk.emitted) == ([], [])


async def test_a_price_that_makes_too_large_an_amount_is_refused_before_anything_is_held(desk: Desk) -> None:
    by_hand = NewLine(sku="chair", quantity=Decimal(10**10), unit_price=UnitPrice(Decimal(10**5), "EUR"))

    with pytest.raises(Malformed) as refused:
        await desk(place_order, PlaceOrder(customer_id=BOB.id, lines=[by_hand]), NANCY)

    assert [error.pointer for error in refused.value.errors] == ["/lines/0/quantity"]
    assert desk.ask.requests == []


async def test_the_key_makes_the_orders_id_so_that_a_twin_meets_the_first(desk: Desk) -> None:
    lines = [NewLine(sku="chair", quantity=Decimal(1))]
    placing = PlaceOrder(customer_id=BOB.id, lines=lines)
    first = await desk(place_order, placing, NANCY, request_key="k1")
    again = await desk(place_order, placing, NANCY, request_key="k1")
    other = await desk(place_order, placing, CLERK, request_key="k1")

    assert again == first
    assert other.id != first.id
    assert len(desk.emitted) == len(desk.ask.requests) == 2


async def test_a_twin_that_did_not_see_the_first_is_turned_away_by_the_database(desk: Desk) -> None:
    lines = [NewLine(sku="chair", quantity=Decimal(1))]

    async def held_while_a_twin_commits(hold: HoldItems) -> Any:
        desk.ask = answering(HoldItems=held)
        await desk(place_order, PlaceOrder(customer_id=BOB.id, lines=lines), NANCY, request_key="k1")
        return held(hold)

    async def ask(request: Any, /, *, key: str | None = None) -> Any:
        return await held_while_a_twin_commits(request)

    desk.ask = ask
    with pytest.raises(IntegrityError):
        await desk(place_order, PlaceOrder(customer_id=BOB.id, lines=lines), NANCY, request_key="k1")

    assert len(desk.emitted) == 1


async def test_another_agents_customer_is_not_there(desk: Desk) -> None:
    with pytest.raises(CustomerNotFound):
        await desk.place(actor=OLAF)

    assert desk.ask.requests == []


async def test_where_every_agent_serves_every_customer_the_shop_says_whose_the_sale_is(desk: Desk) -> None:
    acting_first = [Attribution.ACTING_AGENT, Attribution.CUSTOMER_AGENT]
    free = RULES.model_copy(update={"version": 2, "agents_serve_all": True, "attribution": acting_first})
    await desk(keep_sales_rules, SalesSettingsChanged(settings=free))
    olafs = await desk.place(actor=OLAF)
    by_clerk = await desk.place(actor=CLERK)
    kept = free.model_copy(update={"version": 3, "attribution": RULES.attribution})
    await desk(keep_sales_rules, SalesSettingsChanged(settings=kept))
    nancys = await desk.place(actor=OLAF)

    assert (olafs.agent_id, by_clerk.agent_id, nancys.agent_id) == (OLAF.id, NANCY.id, NANCY.id)
    assert (await desk(get_order, GetOrder(id=olafs.id))).agent_id == OLAF.id


async def test_a_suspended_agent_sells_nothing_and_earns_nothing(desk: Desk) -> None:
    await desk(keep_changed_agent, AgentChanged(agent=nancy(version=2, status=AgentStatus.SUSPENDED)))

    with pytest.raises(Forbidden):
        await desk.place(actor=NANCY)
    assert (await desk.place(actor=CLERK)).agent_id is None
    await desk(keep_changed_agent, AgentChanged(agent=olaf(version=2)))


@pytest.mark.parametrize(
    ("status", "problem"),
    [(CustomerStatus.PENDING, AccountPending), (CustomerStatus.SUSPENDED, CustomerSuspended)],
)
async def test_a_customer_who_may_not_buy_is_refused_before_anything_is_held(
    desk: Desk, status: CustomerStatus, problem: Any
) -> None:
    await desk(keep_changed_customer, CustomerChanged(customer=bob(version=2, status=status)))

    for actor in (CLERK, NANCY, BOB_HIMSELF):
        with pytest.raises(problem):
            await desk.place(actor=actor)
    assert desk.ask.requests == []


async def test_an_order_that_costs_nothing_is_paid_at_once(desk: Desk) -> None:
    order = await desk.place(("gift", 1))

    assert order.payment_status is PaymentStatus.PAID
    assert [type(event) for event in desk.emitted] == [OrderConfirmed, OrderPaid]


async def test_orders_are_numbered_as_they_come(desk: Desk) -> None:
    first, second = await desk.place(), await desk.place()

    assert second.number > first.number


@pytest.mark.parametrize("lines", [1, 50])
async def test_a_placement_takes_six_statements_whatever_it_holds(
    desk: Desk, statements: list[str], lines: int
) -> None:
    # Two more are the hall's: reading the inbox, and remembering the answer.
    wanted = [NewLine(sku="chair", quantity=Decimal(1), discount_percent=Decimal(place) / 10) for place in range(lines)]
    statements.clear()
    await desk.place(actor=NANCY, lines=wanted)

    assert len(statements) == 6, statements


async def test_what_was_placed_holds_together(desk: Desk) -> None:
    await desk.place(("chair", 2), ("book", 3), ("pen", 7), actor=NANCY)
    await desk.place(("gift", 1))

    async with desk.work_as(CLERK).look() as session:
        assert [drift for invariant in ALL for drift in await invariant(session)] == []
