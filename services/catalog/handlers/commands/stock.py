"""Changes of what is on hand: goods come, go, are counted and moved; and of how they are sold."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.catalog.domain.allocations import Shelf
from services.catalog.domain.movements import Move, check_divisible, check_takes_goods, check_two_warehouses
from services.catalog.domain.stock import check_keeps_promises, limit_of
from services.catalog.handlers.recording.stock import move, settle
from services.catalog.handlers.views.stock import stock_view
from services.catalog.models import StockMovement, Warehouse
from services.catalog.repository import levels, placements, products, stock, warehouses
from services.catalog.repository.movements import Cause
from shared.contracts.catalog.movements import AdjustStock, CountStock, MovementKind, TransferStock
from shared.contracts.catalog.stock import ReceiveStock, SetSelling, StockView
from shared.kernel.ids import derived_id, new_id
from shared.kernel.problems import PreconditionFailed
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def receive_stock(command: ReceiveStock, work: Work) -> StockView:
    id_ = work.made_id(ReceiveStock.subject)
    if made := await work.made_before(StockMovement, id_):
        return await _shown(made.variant_id, work)
    variant = await products.variant(work.session, command.sku, kept=True)
    check_divisible(command.quantity, variant.quantity_decimals, "/quantity")
    warehouse = await warehouses.serving(work.session, command.warehouse)
    check_takes_goods(warehouse.code, active=warehouse.active, quantity=command.quantity)
    moves = [Move(variant.id, warehouse.id, command.quantity)]
    return await _moved(moves, [warehouse], _cause(work, MovementKind.RECEIPT, command.reference, id_), work)


@handler
async def adjust_stock(command: AdjustStock, work: Work) -> StockView:
    id_ = work.made_id(AdjustStock.subject)
    if made := await work.made_before(StockMovement, id_):
        return await _shown(made.variant_id, work)
    variant = await products.variant(work.session, command.sku, kept=True)
    check_divisible(command.delta, variant.quantity_decimals, "/delta")
    warehouse = await warehouses.serving(work.session, command.warehouse)
    check_takes_goods(warehouse.code, active=warehouse.active, quantity=command.delta)
    moves = [Move(variant.id, warehouse.id, command.delta, "/delta")]
    return await _moved(moves, [warehouse], _cause(work, MovementKind.ADJUSTMENT, command.reason, id_), work)


@handler
async def transfer_stock(command: TransferStock, work: Work) -> StockView:
    id_ = work.made_id(TransferStock.subject)
    if made := await work.made_before(StockMovement, id_):
        return await _shown(made.variant_id, work)
    check_two_warehouses(command.source, command.target)
    variant = await products.variant(work.session, command.sku, kept=True)
    check_divisible(command.quantity, variant.quantity_decimals, "/quantity")
    source = await warehouses.serving(work.session, command.source)
    target = await warehouses.serving(work.session, command.target)
    check_takes_goods(target.code, active=target.active, quantity=command.quantity)
    moves = [Move(variant.id, source.id, -command.quantity), Move(variant.id, target.id, command.quantity)]
    cause = _cause(work, MovementKind.TRANSFER, command.reference, id_, derived_id(str(id_), "target"))
    return await _moved(moves, [source, target], cause, work)


@handler
async def count_stock(command: CountStock, work: Work) -> StockView:
    variant = await products.variant(work.session, command.sku, kept=True)
    check_divisible(command.counted, variant.quantity_decimals, "/counted")
    warehouse = await warehouses.serving(work.session, command.warehouse)
    level = (await stock.lock_to_move(work.session, [variant.id]))[variant.id]
    if level.version != command.expected_version:
        raise PreconditionFailed(version=level.version)
    shelves = await _shelves(variant.id, [warehouse], work)
    (there,) = (shelf.on_hand for shelf in shelves if shelf.warehouse_id == warehouse.id)
    if difference := command.counted - there:
        check_takes_goods(warehouse.code, active=warehouse.active, quantity=difference)
        moves = [Move(variant.id, warehouse.id, difference, "/counted")]
        cause = _cause(work, MovementKind.COUNT, command.reason, new_id())
        await move(work, {variant.id: level}, shelves, moves, cause)
    return await _shown(variant.id, work)


@handler
async def set_selling(command: SetSelling, work: Work) -> StockView:
    variant = await products.variant(work.session, command.sku, kept=True)
    before = (await stock.lock_to_move(work.session, [variant.id]))[variant.id]
    if before.version != command.expected_version:
        raise PreconditionFailed(version=before.version)
    limit = limit_of(command.ahead, command.ahead_limit)
    after = replace(before, ahead=command.ahead, ahead_limit=limit, low_at=command.low_at, version=before.version + 1)
    check_keeps_promises(after)
    await stock.put_selling(work.session, after, command.expected_at)
    await settle(work, before, after, await placements.shelves(work.session, [variant.id]))
    return await _shown(variant.id, work)


async def _moved(moves: Sequence[Move], places: Sequence[Warehouse], cause: Cause, work: UnitOfWork) -> StockView:
    """Lock a variant's stock, move its goods, and return what is there then."""
    variant_id = moves[0].variant_id
    locked = await stock.lock_to_move(work.session, [variant_id])
    await move(work, locked, await _shelves(variant_id, places, work), moves, cause)
    return await _shown(variant_id, work)


async def _shelves(variant_id: UUID, places: Sequence[Warehouse], work: UnitOfWork) -> list[Shelf]:
    """Return the shelves of a variant, locked; those of these warehouses too that never had any of it."""
    found = await placements.shelves(work.session, [variant_id])
    known = {shelf.warehouse_id for shelf in found}
    new = (place for place in places if place.id not in known)
    return found + [Shelf(variant_id, place.id, place.priority, place.created_at) for place in new]


async def _shown(variant_id: UUID, work: UnitOfWork) -> StockView:
    return stock_view(await levels.one(work.session, variant_id))


def _cause(work: UnitOfWork, kind: MovementKind, reference: str, *ids: UUID) -> Cause:
    return Cause(ids, kind, reference, work.actor.ref().model_dump(mode="json"), work.digest)
