"""The catalogue as files, page by page."""

from pydantic_core import to_json

from services.catalog.domain.bulk.columns import OF
from services.catalog.domain.bulk.exporting import place, written
from services.catalog.domain.bulk.runs import check_may
from services.catalog.repository.bulk import agreed, exports
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.exports import ExportRows, ExportView
from shared.database.pages import cut, fitting
from shared.kernel.cursors import sealed
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def export_rows(query: ExportRows, work: Work) -> ExportView:
    check_may(work.actor, query.kind)
    code = query.price_list
    if query.kind is ImportKind.PRICES and code is not None:
        await agreed.check_exists(work.session, code)
    after = place(query.cursor, query.kind, listed=code is not None)
    found = await exports.rows(work.session, query, after)
    rows = [written(query.kind, row, query.currency) for row in found[: query.limit]]
    fitted = fitting(len(to_json(row)) for row in rows)
    _, following = cut(found, fitted, lambda row: sealed(row["key"]))
    columns = [column.name for column in OF[query.kind]]
    return ExportView(columns=columns, rows=rows[:fitted], next=following)
