"""What catalog does about orders, customers, groups, agents and settings."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers import events
from services.catalog.handlers.commands.holds import release_hold
from services.catalog.tests.samples import (
    Shop,
    a_buyer,
    a_company,
    a_group,
    a_hold,
    a_line,
    a_seller,
    an_order,
    drift,
    every_row,
    sales_settings,
    stock_of,
)
from shared.contracts.agents.agents import AgentChanged, AgentRegistered
from shared.contracts.agents.settings import SalesSettingsChanged
from shared.contracts.base import Event
from shared.contracts.catalog.stock import HeldQuote, HoldReleased, ReleaseHold
from shared.contracts.customers.companies import CompanyCreated
from shared.contracts.customers.customers import (
    AgentAssigned,
    CustomerChanged,
    CustomerRegistered,
    CustomerSnapshot,
    GroupsChanged,
)
from shared.contracts.customers.groups import GroupCreated
from shared.contracts.orders.orders import OrderCancelled, OrderConfirmed
from shared.kernel.ids import new_id
from shared.messaging.handler import Handler, handlers_in
from shared.testing import customer


async def placed(shop: Shop, on_hand: int = 5, quantity: int = 2) -> tuple[HeldQuote, CustomerSnapshot]:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=on_hand)
    return await shop.holds(a_hold(buyer, a_line("chair", quantity))), buyer


def confirmed(quote: HeldQuote, buyer: CustomerSnapshot, version: int = 1) -> OrderConfirmed:
    return OrderConfirmed(order=an_order(quote, buyer, version))


def cancelled(quote: HeldQuote, buyer: CustomerSnapshot, version: int = 2) -> OrderCancelled:
    return OrderCancelled(order=an_order(quote, buyer, version), reason="late")


async def held(connection: AsyncConnection) -> list[tuple[str, Decimal, Decimal]]:
    found = await connection.execute(text("SELECT state, quantity, short FROM holds JOIN hold_lines USING (order_id)"))
    return [tuple(row) for row in found]


async def test_a_confirmed_order_keeps_what_it_held(shop: Shop, connection: AsyncConnection) -> None:
    quote, buyer = await placed(shop)

    await shop(events.allocate_stock, confirmed(quote, buyer))

    assert await held(connection) == [("allocated", 2, 0)]
    assert await stock_of(shop, "chair") == (5, 2)
    assert await drift(connection) == []


async def test_an_order_that_stands_is_not_released_by_its_placement(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    actor = customer(buyer.id)
    quote = await shop.holds(a_hold(buyer, a_line("chair", 2)), actor)
    await shop(events.allocate_stock, confirmed(quote, buyer))

    await shop(release_hold, ReleaseHold(order_id=quote.order_id), actor)

    assert await stock_of(shop, "chair") == (5, 2)


async def test_a_cancelled_order_gives_back_what_it_held(shop: Shop, connection: AsyncConnection) -> None:
    quote, buyer = await placed(shop)
    await shop(events.allocate_stock, confirmed(quote, buyer))

    await shop(events.release_stock, cancelled(quote, buyer))

    assert await stock_of(shop, "chair") == (5, 0)
    assert await held(connection) == [("released", 2, 0)]
    assert await drift(connection) == []


async def test_an_order_whose_hold_was_released_takes_stock_anyway(
    shop: Shop, connection: AsyncConnection, caplog: pytest.LogCaptureFixture
) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    actor = customer(buyer.id)
    quote = await shop.holds(a_hold(buyer, a_line("chair", 4)), actor)
    await shop(release_hold, ReleaseHold(order_id=quote.order_id), actor)
    await shop.holds(a_hold(buyer, a_line("chair", 3)))

    await shop(events.allocate_stock, confirmed(quote, buyer))

    assert await stock_of(shop, "chair") == (5, 5)
    assert ("allocated", Decimal(2), Decimal(2)) in await held(connection)
    assert "confirmed without its hold" in caplog.text
    assert await drift(connection) == []


async def test_an_order_that_never_held_takes_what_there_is_and_gives_that_back(
    shop: Shop, connection: AsyncConnection
) -> None:
    quote, buyer = await placed(shop, on_hand=5, quantity=3)
    lost = quote.model_copy(update={"order_id": new_id()})

    await shop(events.allocate_stock, confirmed(lost, buyer))

    assert await stock_of(shop, "chair") == (5, 5)
    assert ("allocated", Decimal(2), Decimal(1)) in await held(connection)
    with pytest.raises(HoldReleased):
        await shop.holds(a_hold(buyer, a_line("chair", 3), order_id=lost.order_id))
    await shop(events.release_stock, cancelled(lost, buyer))
    assert await stock_of(shop, "chair") == (5, 3)
    assert await drift(connection) == []


async def test_an_order_cancelled_before_its_hold_arrives_never_holds(shop: Shop) -> None:
    quote, buyer = await placed(shop)
    late = quote.model_copy(update={"order_id": new_id()})

    await shop(events.release_stock, cancelled(late, buyer))

    with pytest.raises(HoldReleased):
        await shop.holds(a_hold(buyer, a_line("chair", 2), order_id=late.order_id))


async def test_a_confirmation_that_was_set_aside_does_not_undo_the_cancellation(
    shop: Shop, connection: AsyncConnection
) -> None:
    quote, buyer = await placed(shop)

    await shop(events.release_stock, cancelled(quote, buyer))
    await shop(events.allocate_stock, confirmed(quote, buyer))

    assert await held(connection) == [("released", 2, 0)]
    assert await stock_of(shop, "chair") == (5, 0)


async def test_two_lines_of_one_variant_are_allocated_with_their_sum(shop: Shop, connection: AsyncConnection) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    quote = await shop.holds(a_hold(buyer, a_line("chair", 1), a_line("chair", 2)))
    lost = quote.model_copy(update={"order_id": new_id()})

    await shop(events.allocate_stock, confirmed(lost, buyer))

    assert await stock_of(shop, "chair") == (5, 5)
    assert ("allocated", Decimal(2), Decimal(1)) in await held(connection)


async def for_an_order(shop: Shop, make: Callable[[HeldQuote, CustomerSnapshot], Event], known: bool) -> Event:
    quote, buyer = await placed(shop)
    return make(quote if known else quote.model_copy(update={"order_id": new_id()}), buyer)


async def of_nobody(shop: Shop, event: Event) -> Event:
    return event


Preparing = Callable[[Shop], Awaitable[Event]]
TOLD: list[tuple[Handler, Preparing]] = [
    (events.allocate_stock, lambda shop: for_an_order(shop, confirmed, known=True)),
    (events.allocate_stock, lambda shop: for_an_order(shop, confirmed, known=False)),
    (events.release_stock, lambda shop: for_an_order(shop, cancelled, known=True)),
    (events.release_stock, lambda shop: for_an_order(shop, cancelled, known=False)),
    (events.keep_registered_customer, lambda shop: of_nobody(shop, CustomerRegistered(customer=a_buyer()))),
    (events.keep_changed_customer, lambda shop: of_nobody(shop, CustomerChanged(customer=a_buyer()))),
    (events.keep_changed_groups, lambda shop: of_nobody(shop, GroupsChanged(customer=a_buyer()))),
    (events.keep_assigned_agent, lambda shop: of_nobody(shop, AgentAssigned(customer=a_buyer()))),
    (events.keep_created_company, lambda shop: of_nobody(shop, CompanyCreated(company=a_company()))),
    (events.keep_created_group, lambda shop: of_nobody(shop, GroupCreated(group=a_group()))),
    (events.keep_registered_agent, lambda shop: of_nobody(shop, AgentRegistered(agent=a_seller()))),
    (events.keep_changed_agent, lambda shop: of_nobody(shop, AgentChanged(agent=a_seller()))),
    (
        events.keep_sales_rules,
        lambda shop: of_nobody(shop, SalesSettingsChanged(settings=sales_settings(agents_serve_all=True))),
    ),
]


@pytest.mark.parametrize(("handle", "prepare"), TOLD)
async def test_an_event_handled_twice_changes_nothing_more(
    shop: Shop, connection: AsyncConnection, handle: Handler, prepare: Preparing
) -> None:
    event = await prepare(shop)
    await shop(handle, event)
    once = await every_row(connection)

    await shop(handle, event)

    assert await every_row(connection) == once
    assert await drift(connection) == []


def test_every_event_handler_is_tried_twice() -> None:
    assert {function for _, function in handlers_in([events])} == {handle for handle, _ in TOLD}


@pytest.mark.parametrize("lines", [1, 15])
async def test_a_confirmation_costs_three_statements_whatever_its_lines(
    shop: Shop, statements: list[str], lines: int
) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    for number in range(lines):
        await shop.sells(f"sku-{number}", on_hand=2)
    quote = await shop.holds(a_hold(buyer, *(a_line(f"sku-{number}") for number in range(lines))))

    statements.clear()
    await shop(events.allocate_stock, confirmed(quote, buyer))

    assert len(statements) == 3
