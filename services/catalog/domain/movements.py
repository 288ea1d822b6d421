"""Movements of goods: what may come to a warehouse, and what may leave it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.allocations import Shelf
from services.catalog.domain.stock import Level, check_keeps_promises, received, sums
from shared.contracts.catalog.movements import SameWarehouse, WarehouseShort
from shared.contracts.catalog.warehouses import LastWarehouse, WarehouseInactive, WarehouseNotEmpty
from shared.contracts.values import as_number
from shared.kernel.problems import FieldError, Malformed


@dataclass(frozen=True, slots=True)
class Move:
    """Goods that come to a warehouse, or leave it: `quantity` is below zero then. `field`: where it was asked for."""

    variant_id: UUID
    warehouse_id: UUID
    quantity: Decimal
    field: str = "/quantity"


def check_divisible(quantity: Decimal, decimals: int, field: str) -> None:
    """Raise Malformed for a quantity finer than its unit is divided: no half pieces (rules 3.0)."""
    if round(quantity, decimals) != quantity:
        message = f"This unit has {decimals} decimals." if decimals else "This is sold by whole units."
        raise Malformed(
            "The quantity is finer than its unit.", errors=[FieldError(field, "QUANTITY_TOO_FINE", message)]
        )


def check_takes_goods(code: str, *, active: bool, quantity: Decimal) -> None:
    """Raise WarehouseInactive where goods would come to a warehouse that is not in use."""
    if quantity > 0 and not active:
        raise WarehouseInactive(
            f"The warehouse {code} is not in use, so nothing comes to it; activate it, or name another.", warehouse=code
        )


def check_two_warehouses(source: str, target: str) -> None:
    """Raise SameWarehouse where goods would go to where they are."""
    if source == target:
        message = "Name another warehouse than the source."
        raise SameWarehouse(errors=[FieldError("/target", SameWarehouse.code, message)])


def check_may_close(code: str, *, empty: bool, others: int) -> None:
    """Raise WarehouseNotEmpty or LastWarehouse for a warehouse that cannot be put out of use."""
    if not empty:
        raise WarehouseNotEmpty(warehouse=code)
    if not others:
        raise LastWarehouse(warehouse=code)


def shelves_after(shelves: Sequence[Shelf], moves: Iterable[Move]) -> list[Shelf]:
    """Return the shelves as movements leave them. Raises WarehouseShort where one would have less than nothing."""
    by_place = {(shelf.variant_id, shelf.warehouse_id): shelf for shelf in shelves}
    for move in moves:
        place = (move.variant_id, move.warehouse_id)
        shelf = by_place[place]
        if shelf.on_hand + move.quantity < 0:
            there = as_number(shelf.on_hand)
            raise WarehouseShort(
                f"The warehouse has {there} of these; no more can leave it.",
                errors=[FieldError(move.field, WarehouseShort.code, f"Only {there} are there.")],
                on_hand=there,
            )
        by_place[place] = replace(shelf, on_hand=received(shelf.on_hand, move.quantity, move.field))
    return list(by_place.values())


def levels_after(levels: Mapping[UUID, Level], moves: Sequence[Move]) -> dict[UUID, Level]:
    """Return the levels of variants that move as their movements leave them, at their next versions.

    Raises Malformed beyond what can be kept, StockPromised where fewer would be left than were promised.
    """
    changes = sums((move.variant_id, move.quantity) for move in moves)
    fields = {move.variant_id: move.field for move in moves}
    return {id_: _after(levels[id_], change, fields[id_]) for id_, change in changes.items()}


def _after(level: Level, change: Decimal, field: str) -> Level:
    after = replace(level, on_hand=received(level.on_hand, change, field), version=level.version + 1)
    if change < 0:
        check_keeps_promises(after)
    return after
