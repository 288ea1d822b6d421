"""Goods come, go, are counted and moved, each by movements that add up to what is there."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands import stock
from services.catalog.handlers.queries.stock import list_movements
from services.catalog.tests.samples import KEEPER, Shop, drift
from services.catalog.tests.stocking import (
    adjusts,
    counts,
    in_warehouses,
    level,
    opens,
    ordering,
    receives,
    sells_ahead,
    transfers,
)
from shared.contracts.catalog.movements import (
    AdjustStock,
    ListMovements,
    MovementKind,
    MovementView,
    TransferStock,
)
from shared.contracts.catalog.stock import ReceiveStock, StockChanged
from shared.contracts.values import Page
from shared.kernel.problems import IdempotencyMismatch, PreconditionFailed


async def movements(shop: Shop, **wanted: Any) -> list[MovementView]:
    found: Page[MovementView] = await shop(list_movements, ListMovements(**wanted), KEEPER)
    return found.items


async def test_goods_come_to_the_first_warehouse_by_priority_or_to_the_one_named(
    shop: Shop, connection: AsyncConnection
) -> None:
    await shop.sells("chair")
    await opens(shop, "near", priority=2)
    await opens(shop, "far", priority=1)

    await receives(shop, 5)
    view = await receives(shop, 3, "main")

    assert (view.on_hand, view.available, view.version) == (8, 8, 3)
    assert await in_warehouses(shop) == {"near": (5, 0), "main": (3, 0)}
    assert [(each.warehouse, each.quantity, each.kind) for each in await movements(shop)] == [
        ("main", 3, MovementKind.RECEIPT),
        ("near", 5, MovementKind.RECEIPT),
    ]
    assert await drift(connection) == []


async def test_an_adjustment_is_a_movement_with_its_reason(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)

    view = await adjusts(shop, -2)

    (movement,) = await movements(shop, kind=MovementKind.ADJUSTMENT)
    assert (movement.quantity, movement.reference, movement.actor.id) == (-2, "breakage", KEEPER.id)
    assert (view.on_hand, view.warehouses[0].on_hand) == (3, 3)
    told = [event for event in shop.emitted if isinstance(event, StockChanged)]
    assert [(event.stock.on_hand, event.stock.version, event.reason) for event in told] == [
        (5, 2, "receipt"),
        (3, 3, "adjustment"),
    ]
    assert await drift(connection) == []


async def test_a_count_is_a_movement_of_the_difference(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    await opens(shop, "far", priority=-1)
    await receives(shop, 4, "far")

    assert (await counts(shop, 7)).on_hand == 11
    assert (await counts(shop, 1, "far")).on_hand == 8

    assert [each.quantity for each in await movements(shop, kind=MovementKind.COUNT)] == [-3, 2]
    assert await drift(connection) == []


async def test_a_count_that_finds_what_was_thought_moves_nothing(shop: Shop) -> None:
    await shop.sells("chair", on_hand=5)

    view = await counts(shop, 5)

    assert view == await level(shop)
    assert (view.version, len(await movements(shop))) == (2, 1)


async def test_a_count_of_what_has_changed_meanwhile_is_refused(shop: Shop) -> None:
    await shop.sells("chair", on_hand=5)
    before = await level(shop)
    await ordering(shop, 1)

    with pytest.raises(PreconditionFailed) as refused:
        await counts(shop, 4, version=before.version)

    assert refused.value.details == {"version": before.version + 1}
    assert (await level(shop)).on_hand == 5


async def test_a_transfer_is_two_movements_that_add_up_to_nothing(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    await opens(shop, "far")
    shop.emitted.clear()

    view = await transfers(shop, 2, "main", "far")

    assert (view.on_hand, await in_warehouses(shop)) == (5, {"main": (3, 0), "far": (2, 0)})
    moved = await movements(shop, kind=MovementKind.TRANSFER)
    assert {(each.warehouse, each.quantity) for each in moved} == {("main", -2), ("far", 2)}
    assert [event for event in shop.emitted if isinstance(event, StockChanged)] == []
    assert await drift(connection) == []


async def test_movements_are_listed_by_sku_warehouse_and_kind_a_page_at_a_time(shop: Shop) -> None:
    await shop.sells("chair", on_hand=1)
    await shop.sells("table", on_hand=2)
    await opens(shop, "far", priority=-1)
    await receives(shop, 3, "far")

    assert [each.quantity for each in await movements(shop, sku="chair")] == [3, 1]
    assert [each.sku for each in await movements(shop, warehouse="main")] == ["table", "chair"]
    assert await movements(shop, kind=MovementKind.COUNT) == []
    first: Page[MovementView] = await shop(list_movements, ListMovements(limit=2), KEEPER)
    last: Page[MovementView] = await shop(list_movements, ListMovements(limit=2, cursor=first.next), KEEPER)
    assert [each.quantity for each in first.items + last.items] == [3, 2, 1]
    assert last.next is None


REPEATED: list[tuple[Any, Any, Any]] = [
    (
        stock.receive_stock,
        ReceiveStock(sku="chair", quantity=Decimal(1), reference="a"),
        ReceiveStock(sku="chair", quantity=Decimal(2), reference="a"),
    ),
    (
        stock.adjust_stock,
        AdjustStock(sku="chair", delta=Decimal(1), reason="a"),
        AdjustStock(sku="chair", delta=Decimal(-1), reason="a"),
    ),
    (
        stock.transfer_stock,
        TransferStock(sku="chair", quantity=Decimal(1), source="main", target="far", reference="a"),
        TransferStock(sku="chair", quantity=Decimal(1), source="far", target="main", reference="a"),
    ),
]


@pytest.mark.parametrize(("handle", "command", "other"), REPEATED)
async def test_a_movement_asked_for_again_is_made_once(
    shop: Shop, connection: AsyncConnection, handle: Any, command: Any, other: Any
) -> None:
    await shop.sells("chair", on_hand=5)
    await opens(shop, "far")

    first = await shop(handle, command, KEEPER, request_key="again", digest=b"one")
    assert await shop(handle, command, KEEPER, request_key="again", digest=b"one") == first
    with pytest.raises(IdempotencyMismatch):
        await shop(handle, other, KEEPER, request_key="again", digest=b"other")

    assert await level(shop) == first
    assert await drift(connection) == []


@pytest.mark.parametrize("lines", [1, 40])
async def test_a_receipt_costs_the_same_however_many_orders_wait(shop: Shop, statements: list[str], lines: int) -> None:
    await shop.sells("chair")
    await sells_ahead(shop, None)
    for _ in range(lines):
        await ordering(shop, 1)

    statements.clear()
    await receives(shop, lines)

    assert len(statements) == 10, statements
