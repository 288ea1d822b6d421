"""What every change of stock leaves: goods kept for the orders that wait for them, and what people are told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain.allocations import Filled, Kept, Need, Shelf, displaced, news, place, uncrowded
from services.catalog.domain.movements import Move, levels_after, shelves_after
from services.catalog.domain.stock import NONE, Crossing, Level, crossings
from services.catalog.repository import holds, movements, placements, stock
from services.catalog.repository.movements import Cause
from shared.contracts.catalog.allocations import TOLD_AT_ONCE, BackOrderFill, BackOrderFilled
from shared.contracts.catalog.stock import StockCameBack, StockChanged, StockRanLow, StockRanOut, StockSnapshot
from shared.messaging.work import UnitOfWork


class Settled(NamedTuple):
    """Levels once orders have what there is for them; which orders got what, and from which warehouses it was taken."""

    levels: Mapping[UUID, Level]
    filled: Sequence[Filled] = ()
    away: Sequence[Kept] = ()


async def reserve(work: UnitOfWork, wanted: Mapping[UUID, Decimal]) -> set[UUID]:
    """Promise quantities of variants, and return those of which so many may be promised; what runs out is told."""
    changed = await stock.reserve(work.session, wanted)
    for level, before, _ in changed:
        _tell_crossings(work, before, level)
    return {level.variant_id for level, _, _ in changed}


async def release(work: UnitOfWork, order_ids: Collection[UUID]) -> None:
    """Give back what these orders hold and have not been allocated."""
    if released := await holds.release(work.session, order_ids):
        await give_back(work, released, allocated=False)


async def give_back(work: UnitOfWork, order_ids: Collection[UUID], *, allocated: bool) -> None:
    """Take back the promise to orders that were released; what they had goes to orders that wait for it."""
    if allocated:
        # Who moves goods may promise such an order more than it held.
        await stock.lock_of(work.session, order_ids)
    changed = await stock.give_back(work.session, order_ids)
    levels = {level.variant_id: level for level, _, awaited in changed if allocated or awaited}
    settled = Settled({})
    if levels:
        shelves = await placements.shelves(work.session, levels)
        if allocated:
            await placements.let_go(work.session, order_ids)
            shelves = await placements.shelves(work.session, levels)
        settled = await _settle(work, levels, shelves)
    for level, before, _ in changed:
        _tell_crossings(work, before, settled.levels.get(level.variant_id, level))
    _tell_filled(work, settled)


async def keep_goods(work: UnitOfWork, order_ids: Collection[UUID], version: int = 0) -> bool:
    """Keep for good what these orders hold, in warehouses as far as it is there; tell whether any held something."""
    needs = await holds.allocate(work.session, order_ids, version)
    await shelve(work, needs)
    return bool(needs)


async def shelve(work: UnitOfWork, needs: Sequence[Need]) -> None:
    """Decide which warehouses keep the goods of confirmed orders; what is in none yet, they wait for."""
    if needs:
        shelves = await placements.shelves(work.session, {need.variant_id for need in needs})
        await placements.keep(work.session, place(needs, shelves, {}))


async def move(
    work: UnitOfWork, levels: Mapping[UUID, Level], shelves: Sequence[Shelf], moves: Sequence[Move], cause: Cause
) -> None:
    """Record movements of goods whose stock and shelves are locked.

    Orders that wait get what came, the oldest first; where a warehouse has too little left for those it keeps goods
    for, the newest of them get theirs elsewhere, or wait.
    """
    after_shelves = shelves_after(shelves, moves)
    after = levels_after(levels, moves)
    await movements.record(work.session, moves, after_shelves, cause)
    settled = await _settle(work, after, after_shelves)
    for id_, level in settled.levels.items():
        if level.on_hand != levels[id_].on_hand:
            work.emit(StockChanged(stock=snapshot(level), reason=cause.kind))
        _tell_crossings(work, levels[id_].available, level)
    _tell_filled(work, settled)


async def settle(work: UnitOfWork, before: Level, after: Level, shelves: Sequence[Shelf]) -> None:
    """Give orders what a new way of selling a variant lets be promised to them."""
    settled = await _settle(work, {after.variant_id: after}, shelves)
    _tell_crossings(work, before.available, settled.levels[after.variant_id])
    _tell_filled(work, settled)


async def _settle(work: UnitOfWork, levels: Mapping[UUID, Level], shelves: Sequence[Shelf]) -> Settled:
    """Let no warehouse keep more than it has, and give orders that wait what there is, the oldest first."""
    away: list[Kept] = []
    if crowded := [shelf for shelf in shelves if shelf.excess]:
        away = displaced(crowded, await placements.newest(work.session, crowded))
        await placements.take_away(work.session, away)
        shelves = uncrowded(shelves)
    free = _free(shelves)
    needs = await placements.waiting(work.session, free) if free else []
    if not needs:
        return Settled(levels, away=away)
    filled = place(needs, shelves, {id_: level.promisable for id_, level in levels.items()})
    await placements.keep(work.session, filled)
    return Settled(await _promised(work, levels, filled), filled, away)


def _free(shelves: Iterable[Shelf]) -> dict[UUID, Decimal]:
    free: dict[UUID, Decimal] = {}
    for shelf in shelves:
        if shelf.free:
            free[shelf.variant_id] = free.get(shelf.variant_id, NONE) + shelf.free
    return free


async def _promised(work: UnitOfWork, levels: Mapping[UUID, Level], filled: Iterable[Filled]) -> Mapping[UUID, Level]:
    """Return the levels once what was short is promised."""
    more: dict[UUID, Decimal] = {}
    for each in filled:
        if each.promised:
            more[each.need.variant_id] = more.get(each.need.variant_id, NONE) + each.promised
    if more:
        await stock.promise(work.session, more)
    return {id_: replace(level, reserved=level.reserved + more.get(id_, NONE)) for id_, level in levels.items()}


def snapshot(level: Level) -> StockSnapshot:
    """Return a variant's stock as events tell it."""
    return StockSnapshot(
        id=level.variant_id, version=level.version, sku=level.sku, on_hand=level.on_hand, reserved=level.reserved
    )


def _tell_crossings(work: UnitOfWork, before: Decimal, level: Level) -> None:
    for crossing in crossings(before, level.available, level.low_at):
        if crossing is Crossing.RAN_OUT:
            work.emit(StockRanOut(stock=snapshot(level)))
        elif crossing is Crossing.CAME_BACK:
            work.emit(StockCameBack(stock=snapshot(level)))
        elif level.low_at is not None:
            work.emit(StockRanLow(stock=snapshot(level), low_at=level.low_at))


def _tell_filled(work: UnitOfWork, settled: Settled) -> None:
    """Tell which orders got goods they waited for, so many in one event."""
    for variant_id, gains in news(settled.filled, settled.away):
        told = snapshot(settled.levels[variant_id])
        fills = [BackOrderFill(order_id=each.need.order_id, quantity=gain, left=each.left) for each, gain in gains]
        for first in range(0, len(fills), TOLD_AT_ONCE):
            work.emit(BackOrderFilled(stock=told, orders=fills[first : first + TOLD_AT_ONCE]))
