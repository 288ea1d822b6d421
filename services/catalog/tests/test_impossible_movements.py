"""Movements that cannot be: unknown places, quantities that mean nothing, goods that are not there or are promised."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.domain.stock import MOST
from services.catalog.tests.samples import Shop, drift
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
from shared.contracts.catalog.movements import AdjustStock, CountStock, SameWarehouse, TransferStock, WarehouseShort
from shared.contracts.catalog.prices import VariantNotFound
from shared.contracts.catalog.stock import ReceiveStock, StockPromised
from shared.contracts.catalog.warehouses import WarehouseNotFound
from shared.kernel.problems import Malformed


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"quantity": "1.5"}, "/quantity", "QUANTITY_TOO_FINE"),
        ({"quantity": str(MOST)}, "/quantity", "QUANTITY_TOO_FINE"),
        ({"quantity": "99999999999"}, "/quantity", "QUANTITY_TOO_LARGE"),
    ],
)
async def test_impossible_receipts_are_refused_by_field(
    shop: Shop, fields: dict[str, str], pointer: str, code: str
) -> None:
    await shop.sells("chair", on_hand=5)

    with pytest.raises(Malformed) as refused:
        await receives(shop, **fields)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]
    assert (await level(shop)).on_hand == 5


@pytest.mark.parametrize(
    ("contract", "fields"),
    [
        (ReceiveStock, {"quantity": 0, "reference": "a"}),
        (ReceiveStock, {"quantity": -1, "reference": "a"}),
        (ReceiveStock, {"quantity": "0.0001", "reference": "a"}),
        (ReceiveStock, {"quantity": "100000000000", "reference": "a"}),
        (ReceiveStock, {"quantity": 1, "reference": "a", "warehouse": "No such code"}),
        (AdjustStock, {"delta": 0, "reason": "a"}),
        (AdjustStock, {"delta": 1, "reason": ""}),
        (CountStock, {"counted": -1, "reason": "a", "warehouse": "main", "expected_version": 1}),
        (TransferStock, {"quantity": -1, "source": "main", "target": "far", "reference": "a"}),
    ],
)
def test_quantities_that_mean_nothing_are_no_request(contract: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        contract.model_validate({"sku": "chair"} | fields)


async def test_what_nobody_knows_is_named(shop: Shop) -> None:
    await shop.sells("chair", on_hand=5)

    with pytest.raises(VariantNotFound):
        await receives(shop, 1, sku="no such thing")
    with pytest.raises(WarehouseNotFound, match="nowhere"):
        await receives(shop, 1, "nowhere")
    with pytest.raises(WarehouseNotFound, match="nowhere"):
        await transfers(shop, 1, "main", "nowhere")
    with pytest.raises(WarehouseNotFound, match="nowhere"):
        await counts(shop, 1, "nowhere")


async def test_no_warehouse_gives_what_it_has_not(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    await opens(shop, "far", priority=-1)
    await receives(shop, 3, "far")

    with pytest.raises(WarehouseShort) as refused:
        await transfers(shop, 4, "far", "main")
    assert refused.value.details == {"on_hand": 3}
    with pytest.raises(WarehouseShort):
        await adjusts(shop, -6)
    with pytest.raises(SameWarehouse) as same:
        await transfers(shop, 1, "main", "main")
    assert same.value.errors[0].pointer == "/target"

    assert await in_warehouses(shop) == {"main": (5, 0), "far": (3, 0)}
    assert await drift(connection) == []


async def test_what_is_promised_is_neither_adjusted_nor_counted_away(shop: Shop, connection: AsyncConnection) -> None:
    await shop.sells("chair", on_hand=5)
    await ordering(shop, 4)

    for attempt in (adjusts(shop, -2), counts(shop, 3)):
        with pytest.raises(StockPromised) as refused:
            await attempt
        assert refused.value.details == {"sku": "chair", "reserved": 4, "promisable_in_all": 3}
    assert (await adjusts(shop, -1)).available == 0

    await sells_ahead(shop, 2)
    assert (await adjusts(shop, -2)).available == -2
    with pytest.raises(StockPromised):
        await adjusts(shop, -1)
    assert await drift(connection) == []
