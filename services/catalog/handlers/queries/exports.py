"""The catalogue as files, page by page."""

import base64
import binascii

from services.catalog.domain.bulk.columns import OF
from services.catalog.domain.bulk.exporting import written
from services.catalog.domain.bulk.runs import check_may
from services.catalog.repository.bulk import agreed, exports
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.exports import ExportRows, ExportView
from shared.contracts.catalog.price_lists import PriceListNotFound
from shared.kernel.problems import FieldError, Malformed
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def export_rows(query: ExportRows, work: Work) -> ExportView:
    check_may(work.actor, query.kind)
    code = query.price_list
    if query.kind is ImportKind.PRICES and code is not None and not await agreed.exists(work.session, code):
        raise PriceListNotFound(f"There is no price list {code}; GET /v1/price-lists lists them.")
    found = await exports.rows(work.session, query, _place(query.cursor))
    shown = found[: query.limit]
    following = _cursor(shown[-1]["key"]) if len(found) > query.limit else None
    columns = [column.name for column in OF[query.kind]]
    return ExportView(columns=columns, rows=[written(query.kind, row, query.currency) for row in shown], next=following)


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _place(cursor: str | None) -> str:
    try:
        return base64.urlsafe_b64decode(cursor or "").decode()
    except (ValueError, binascii.Error):
        fault = FieldError("/cursor", "CURSOR_INVALID", "Use the cursor of the page before, or none for the first.")
        raise Malformed("The cursor is not one of this export.", errors=[fault]) from None
