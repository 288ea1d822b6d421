"""Holds: one question prices the lines of an order and keeps the goods for it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.holds import release_hold
from services.catalog.handlers.commands.products import change_product
from services.catalog.tests.samples import (
    CLERK,
    KEEPER,
    Shop,
    a_buyer,
    a_group,
    a_hold,
    a_line,
    a_seller,
    drift,
    eur,
    stock_of,
)
from shared.contracts.catalog.products import ChangeProduct, ProductStatus
from shared.contracts.catalog.stock import HoldReleased, OutOfStock, ReleaseHold
from shared.contracts.catalog.storefront import PriceReason
from shared.contracts.customers.customers import CustomerStatus
from shared.contracts.orders.orders import OrderNotFound
from shared.kernel.ids import new_id
from shared.kernel.problems import IdempotencyMismatch
from shared.testing import agent, customer


async def test_goods_are_held_at_the_buyers_prices(shop: Shop, connection: AsyncConnection) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    await shop.sells("chair", "100.00", on_hand=5)
    await shop.sells("table", "12.99", on_hand=2)
    await shop.charges(group, "chair", "92.00")

    quote = await shop.holds(a_hold(buyer, a_line("table", 2), a_line("chair", 2)))

    table, chair = quote.lines
    assert (table.sku, table.unit_price, table.price_reason) == ("table", eur("12.99"), PriceReason.BASE)
    assert (chair.unit_price, chair.list_price, chair.price_reason) == (eur("92.00"), eur("100.00"), PriceReason.GROUP)
    assert await stock_of(shop, "chair") == (5, 2)
    assert await stock_of(shop, "table") == (2, 2)
    assert await drift(connection) == []


async def test_a_hold_ends_five_minutes_later_by_the_databases_clock(shop: Shop, connection: AsyncConnection) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)

    quote = await shop.holds(a_hold(buyer, a_line("chair")))

    left = quote.expires_at - (await connection.scalar(text("SELECT clock_timestamp()")))
    assert timedelta(minutes=4, seconds=50) < left <= timedelta(minutes=5)


async def test_ST2_one_variant_on_two_lines_counts_with_its_sum(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=1)

    with pytest.raises(OutOfStock) as refused:
        await shop.holds(a_hold(buyer, a_line("chair", 1), a_line("chair", 1)))

    assert refused.value.details == {"items": [{"sku": "chair", "requested": 2, "available": 1}]}
    assert [error.pointer for error in refused.value.errors] == ["/lines/0/quantity", "/lines/1/quantity"]
    assert await stock_of(shop, "chair") == (1, 0)


async def test_all_goods_are_held_or_none(shop: Shop, connection: AsyncConnection) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    for sku, on_hand in {"chair": 5, "table": 0, "lamp": 1}.items():
        await shop.sells(sku, on_hand=on_hand)
    command = a_hold(buyer, a_line("chair", 3), a_line("table", 1), a_line("lamp", 2))

    with pytest.raises(OutOfStock) as refused:
        await shop.holds(command)

    short = sorted(refused.value.details["items"], key=lambda item: item["sku"])
    assert short == [
        {"sku": "lamp", "requested": 2, "available": 1},
        {"sku": "table", "requested": 1, "available": 0},
    ]
    assert await stock_of(shop, "chair") == (5, 0)
    assert await drift(connection) == []
    await shop.receives("table", 1)
    await shop.receives("lamp", 1)
    assert (await shop.holds(command)).order_id == command.order_id


async def test_a_sum_no_stock_could_ever_hold_is_a_shortage(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("sand", on_hand=1)
    most = a_line("sand", "99999999999")

    with pytest.raises(OutOfStock) as refused:
        await shop.holds(a_hold(buyer, most, most))

    assert refused.value.details["items"][0]["available"] == 1


async def test_a_repeated_hold_gets_the_same_answer_whatever_has_changed(
    shop: Shop, connection: AsyncConnection
) -> None:
    group = a_group()
    buyer = a_buyer(group.id)
    await shop.knows(group, buyer)
    chair = await shop.sells("chair", "100.00", on_hand=2)
    command, actor = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)
    first = await shop.holds(command, actor)

    await shop.charges(group, "chair", "50.00")
    gone = ChangeProduct(id=chair.id, expected_version=1, status=ProductStatus.DISCONTINUED)
    await shop(change_product, gone, KEEPER)
    await shop.knows(a_buyer(id=buyer.id, version=2, status=CustomerStatus.SUSPENDED))
    again = await shop.holds(command, actor)

    assert again == first
    assert again.model_dump_json() == first.model_dump_json()
    assert await stock_of(shop, "chair") == (2, 2)
    assert await drift(connection) == []


async def test_another_order_under_the_same_id_is_refused(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    actor, order_id = customer(buyer.id), new_id()
    await shop.holds(a_hold(buyer, a_line("chair", 1), order_id=order_id), actor)

    with pytest.raises(IdempotencyMismatch):
        await shop.holds(a_hold(buyer, a_line("chair", 2), order_id=order_id), actor)


async def test_a_release_gives_back_and_leaves_a_tombstone(shop: Shop, connection: AsyncConnection) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    command, actor = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)
    await shop.holds(command, actor)

    for _ in range(2):
        done = await shop(release_hold, ReleaseHold(order_id=command.order_id), actor)
        assert done.id == command.order_id

    assert await stock_of(shop, "chair") == (5, 0)
    assert await drift(connection) == []
    with pytest.raises(HoldReleased):
        await shop.holds(command, actor)


async def test_a_hold_that_comes_after_its_release_is_refused(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    command, actor = a_hold(buyer, a_line("chair", 2)), customer(buyer.id)

    await shop(release_hold, ReleaseHold(order_id=command.order_id), actor)

    with pytest.raises(HoldReleased):
        await shop.holds(command, actor)
    assert await stock_of(shop, "chair") == (5, 0)


async def test_the_hold_of_somebody_else_is_neither_released_nor_told(shop: Shop) -> None:
    buyer = a_buyer()
    await shop.knows(buyer)
    await shop.sells("chair", on_hand=5)
    command = a_hold(buyer, a_line("chair", 2))
    await shop.holds(command, customer(buyer.id))

    with pytest.raises(OrderNotFound):
        await shop(release_hold, ReleaseHold(order_id=command.order_id), CLERK)
    with pytest.raises(OrderNotFound):
        await shop.holds(command, CLERK)
    assert await stock_of(shop, "chair") == (5, 2)


@pytest.mark.parametrize("lines", [1, 15])
async def test_a_hold_costs_four_statements_whatever_its_lines(shop: Shop, statements: list[str], lines: int) -> None:
    group, seller = a_group(), a_seller()
    buyer = a_buyer(group.id, agent_id=seller.id)
    await shop.knows(group, seller, buyer)
    for number in range(lines):
        await shop.sells(f"sku-{number}", on_hand=2)
        await shop.charges(group, f"sku-{number}", "95.00")
    command = a_hold(buyer, *(a_line(f"sku-{number}", unit_price=eur("94.00")) for number in range(lines)))
    actor = agent(seller.id)

    statements.clear()
    await shop.holds(command, actor)
    assert len(statements) == 4
    statements.clear()
    await shop.holds(command, actor)
    assert len(statements) == 1
    statements.clear()
    await shop(release_hold, ReleaseHold(order_id=command.order_id), actor)
    assert len(statements) == 4
