"""Changes of what stands in price lists."""

from collections.abc import Iterable
from uuid import UUID

from services.catalog.domain.price_rows import checked
from services.catalog.domain.reach import reach
from services.catalog.handlers.commands.price_lists import cause
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.models import PriceList
from services.catalog.repository import price_rows, targets
from shared.contracts.catalog.price_lists import (
    PriceLevel,
    PriceListChanged,
    PriceListNotFound,
    PriceListSnapshot,
    Scope,
)
from shared.contracts.catalog.price_rows import DeletePriceRows, PutPriceRows, RowsDeleted, RowsPut
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def put_price_rows(command: PutPriceRows, work: Work) -> RowsPut:
    row = await lock(work.session, PriceList, command.id, PriceListNotFound(), command.expected_version)
    known = await targets.ids(work.session, ((asked.scope, asked.target) for asked in command.rows))
    rows = checked(command.rows, row.level, row.currency, known)
    counts = await price_rows.put(work.session, row.id, rows)
    await told(work, row, ((asked.scope, id_) for id_, asked in rows))
    return RowsPut(id=row.id, version=row.version, **counts._asdict())


@handler
async def delete_price_rows(command: DeletePriceRows, work: Work) -> RowsDeleted:
    row = await lock(work.session, PriceList, command.id, PriceListNotFound(), command.expected_version)
    gone = await price_rows.remove(work.session, row.id, command.row_ids)
    await told(work, row, gone)
    return RowsDeleted(id=row.id, deleted=len(gone), version=row.version)


async def told(work: UnitOfWork, row: PriceList, about: Iterable[tuple[Scope, UUID]]) -> None:
    """Tell that a locked list has other rows than before, about these targets; what everyone pays follows."""
    work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(row)))
    if row.level is PriceLevel.MARKET:
        await follow_prices(work, cause(row), reach(about))
