"""Changes of warehouses."""

from services.catalog.domain.movements import check_may_close
from services.catalog.models import Warehouse
from services.catalog.repository import warehouses
from shared.contracts.catalog.warehouses import (
    ChangeWarehouse,
    CreateWarehouse,
    WarehouseChanged,
    WarehouseCodeTaken,
    WarehouseCreated,
    WarehouseNotFound,
    WarehouseSnapshot,
    WarehouseView,
)
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def create_warehouse(command: CreateWarehouse, work: Work) -> WarehouseView:
    id_ = work.made_id(CreateWarehouse.subject)
    if made := await work.made_before(Warehouse, id_):
        return WarehouseView.model_validate(made)
    if await warehouses.code_taken(work.session, command.code):
        raise WarehouseCodeTaken(f"Another warehouse has the code {command.code}; choose another.")
    warehouse = Warehouse(id=id_, active=True, request_digest=work.digest, **command.model_dump())
    work.session.add(warehouse)
    await work.session.flush()
    await work.session.refresh(warehouse)
    work.emit(WarehouseCreated(warehouse=WarehouseSnapshot.model_validate(warehouse)))
    return WarehouseView.model_validate(warehouse)


@handler
async def change_warehouse(command: ChangeWarehouse, work: Work) -> WarehouseView:
    in_use = await warehouses.lock_active(work.session) if command.active is False else set()
    warehouse = await lock(work.session, Warehouse, command.id, WarehouseNotFound(), command.expected_version)
    if warehouse.id in in_use:
        empty = await warehouses.empty(work.session, warehouse.id)
        check_may_close(warehouse.code, empty=empty, others=len(in_use) - 1)
    warehouse.name = command.name or warehouse.name
    if command.priority is not None:
        warehouse.priority = command.priority
    if command.active is not None:
        warehouse.active = command.active
    await work.session.flush()
    work.emit(WarehouseChanged(warehouse=WarehouseSnapshot.model_validate(warehouse)))
    return WarehouseView.model_validate(warehouse)
