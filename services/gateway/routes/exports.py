"""/v1/exports: the catalogue as files."""

from starlette.responses import Response

from services.gateway import downloads
from services.gateway.deps import Ask, Asked
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.bulk import ImportKind
from shared.contracts.catalog.exports import ExportRows, FileFormat
from shared.contracts.catalog.price_lists import ListCode, PriceListNotFound
from shared.contracts.values import Contract, Currency

router = resource("/exports", "exports")


class DownloadExport(Contract):
    """Hands out a part of the catalogue as a file that an import of the same kind reads again.

    Cells that a spreadsheet would take for formulas begin with an apostrophe, which an import takes off again.
    """

    kind: ImportKind
    format: FileFormat = FileFormat.CSV
    currency: Currency = "EUR"
    price_list: ListCode | None = None


@router.get(
    "/{kind}", responses=refusing(PriceListNotFound), openapi_extra={"download": "text/csv", "asks": (ExportRows,)}
)
async def download_export(query: Asked[DownloadExport], ask: Ask) -> Response:
    """Download a part of the catalogue."""
    asked = ExportRows(kind=query.kind, currency=query.currency, price_list=query.price_list)
    return await downloads.export(asked, query.format, ask)
