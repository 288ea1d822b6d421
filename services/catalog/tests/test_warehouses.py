"""Warehouses: made, edited, put out of use when they are empty, never deleted."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.commands.warehouses import change_warehouse, create_warehouse
from services.catalog.handlers.queries.stock import list_stock
from services.catalog.handlers.queries.warehouses import get_warehouse, list_warehouses
from services.catalog.tests.samples import KEEPER, Shop, drift
from services.catalog.tests.stocking import adjusts, in_warehouses, opens, receives, sells_ahead, transfers
from shared.contracts.catalog.stock import ListStock
from shared.contracts.catalog.warehouses import (
    ChangeWarehouse,
    CreateWarehouse,
    GetWarehouse,
    LastWarehouse,
    ListWarehouses,
    WarehouseChanged,
    WarehouseCodeTaken,
    WarehouseCreated,
    WarehouseInactive,
    WarehouseNotEmpty,
    WarehouseNotFound,
    WarehouseView,
)
from shared.kernel.ids import new_id
from shared.kernel.problems import PreconditionFailed


async def listed(shop: Shop, **wanted: Any) -> dict[str, WarehouseView]:
    found = await shop(list_warehouses, ListWarehouses(**wanted), KEEPER)
    return {each.code: each for each in found.items}


async def changes(shop: Shop, warehouse: WarehouseView, **fields: Any) -> WarehouseView:
    command = ChangeWarehouse(id=warehouse.id, expected_version=warehouse.version, **fields)
    view: WarehouseView = await shop(change_warehouse, command, KEEPER)
    return view


async def test_there_is_a_warehouse_to_begin_with(shop: Shop) -> None:
    main = (await listed(shop))["main"]

    assert (str(main.id), main.active, main.version) == ("01a20000-0000-7000-8000-000000000001", True, 1)
    assert await shop(get_warehouse, GetWarehouse(id=main.id), KEEPER) == main


async def test_a_warehouse_is_made_once_and_its_code_taken(shop: Shop) -> None:
    command = CreateWarehouse(code="near", name="Near", priority=3)

    first = await shop(create_warehouse, command, KEEPER, request_key="k", digest=b"d")
    again = await shop(create_warehouse, command, KEEPER, request_key="k", digest=b"d")

    assert again == first
    assert (await listed(shop))["near"] == first
    with pytest.raises(WarehouseCodeTaken):
        await opens(shop, "near")


async def test_a_warehouse_is_edited_as_it_was_read(shop: Shop) -> None:
    near = await opens(shop, "near")

    changed = await changes(shop, near, name="Nearer", priority=5)

    assert (changed.name, changed.priority, changed.active, changed.version) == ("Nearer", 5, True, 2)
    with pytest.raises(PreconditionFailed):
        await changes(shop, near, priority=6)
    with pytest.raises(WarehouseNotFound):
        await changes(shop, near.model_copy(update={"id": new_id()}), priority=6)
    with pytest.raises(WarehouseNotFound):
        await shop(get_warehouse, GetWarehouse(id=new_id()), KEEPER)


async def test_only_an_empty_warehouse_is_put_out_of_use(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair")
    near = await opens(shop, "near", priority=9)
    await receives(shop, 5)

    with pytest.raises(WarehouseNotEmpty):
        await changes(shop, near, active=False)
    await transfers(shop, 5, "near", "main")
    closed = await changes(shop, near, active=False)

    assert set(await listed(shop, active=True)) == {"main"}
    assert set(await listed(shop, active=False)) == {"near"}
    await receives(shop, 1)
    assert await in_warehouses(shop) == {"main": (6, 0)}
    for attempt in (receives(shop, 1, "near"), adjusts(shop, 1, "near"), transfers(shop, 1, "main", "near")):
        with pytest.raises(WarehouseInactive):
            await attempt
    await changes(shop, closed, active=True)
    await receives(shop, 2, "near")
    assert await in_warehouses(shop) == {"near": (2, 0), "main": (6, 0)}
    assert await drift(connection) == []


async def test_one_warehouse_stays_in_use(shop: Shop) -> None:
    main = (await listed(shop))["main"]

    with pytest.raises(LastWarehouse):
        await changes(shop, main, active=False)

    await opens(shop, "near")
    assert not (await changes(shop, main, active=False)).active


async def test_stock_is_listed_by_warehouse_and_by_what_runs_low(shop: Shop) -> None:
    await shop.sells("chair", on_hand=5)
    await shop.sells("table", on_hand=5)
    await shop.sells("lamp")
    await opens(shop, "far", priority=-1)
    await receives(shop, 1, "far", sku="table")
    await sells_ahead(shop, 0, "chair", low_at=5)
    await sells_ahead(shop, 0, "table", low_at=5)

    async def skus(**wanted: Any) -> list[str]:
        return [each.sku for each in (await shop(list_stock, ListStock(**wanted), KEEPER)).items]

    assert await skus() == ["lamp", "table", "chair"]
    assert await skus(warehouse="main") == ["table", "chair"]
    assert await skus(warehouse="far") == ["table"]
    assert await skus(warehouse="nowhere") == []
    assert await skus(low=True) == ["chair"]


async def test_what_becomes_of_a_warehouse_is_told(shop: Shop) -> None:
    near = await opens(shop, "near")
    await changes(shop, near, priority=7, active=False)

    made, changed = shop.emitted[-2:]
    assert isinstance(made, WarehouseCreated)
    assert (made.warehouse.id, made.warehouse.code, made.warehouse.version) == (near.id, "near", 1)
    assert isinstance(changed, WarehouseChanged)
    assert (changed.warehouse.priority, changed.warehouse.active, changed.warehouse.version) == (7, False, 2)
