"""Changes of what stands in price lists."""

from services.catalog.domain.price_rows import checked
from services.catalog.handlers.recording.price_lists import record_rows
from services.catalog.models import PriceList
from services.catalog.repository import catalog_settings, price_rows, targets
from shared.contracts.catalog.price_lists import PriceListNotFound
from shared.contracts.catalog.price_rows import DeletePriceRows, PutPriceRows, RowsDeleted, RowsPut
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def put_price_rows(command: PutPriceRows, work: Work) -> RowsPut:
    # Before the list is locked: who deletes goods comes to its lists last.
    known = await targets.ids(work.session, ((asked.scope, asked.target) for asked in command.rows), kept=True)
    row = await lock(work.session, PriceList, command.id, PriceListNotFound(), command.expected_version)
    scale = (await catalog_settings.read(work.session)).unit_price_scale
    rows = checked(command.rows, row.level, row.currency, known, scale)
    counts = await price_rows.put(work.session, row.id, rows)
    await record_rows(row, ((asked.scope, id_) for id_, asked in rows), work)
    return RowsPut(id=row.id, version=row.version, **counts._asdict())


@handler
async def delete_price_rows(command: DeletePriceRows, work: Work) -> RowsDeleted:
    row = await lock(work.session, PriceList, command.id, PriceListNotFound(), command.expected_version)
    gone = await price_rows.remove(work.session, row.id, command.row_ids)
    await record_rows(row, gone, work)
    return RowsDeleted(id=row.id, deleted=len(gone), version=row.version)
