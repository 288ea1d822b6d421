"""/v1/imports: files read into the catalogue."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.gateway import downloads
from services.gateway.answers import created, listed, passed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.bulk import (
    CancelImport,
    GetImport,
    ImportEnded,
    ImportKind,
    ImportNotFound,
    ListFindings,
    ListImports,
    Outcome,
    StartImport,
)
from shared.contracts.catalog.exports import FileFormat, GetImportColumns
from shared.contracts.catalog.price_lists import PriceListNotFound
from shared.contracts.catalog.uploads import UploadIncomplete, UploadInUse, UploadNotFound
from shared.contracts.catalog.warehouses import WarehouseNotFound
from shared.contracts.values import Contract

router = resource("/imports", "imports")
CSV = "text/csv"


class DownloadTemplate(Contract):
    """Hands out a file to be filled in: the columns of its kind, and one row as an example."""

    kind: ImportKind
    format: FileFormat = FileFormat.CSV


class DownloadFindings(Contract):
    """Hands out what an import found, as CSV: as many errors and differences as are kept of it."""

    id: UUID
    outcome: Outcome | None = None


STARTING = (UploadNotFound, UploadIncomplete, UploadInUse, PriceListNotFound, WarehouseNotFound)


@router.get("")
async def list_imports(request: Request, query: Asked[ListImports], ask: Ask) -> Response:
    """List imports."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(*STARTING))
async def start_import(command: Sent[StartImport], ask: Ask) -> Response:
    """Start reading an uploaded file into the catalogue."""
    return created(await ask.forward(command), "/v1/imports/{id}")


@router.get("/columns/{kind}")
async def get_import_columns(query: Asked[GetImportColumns], ask: Ask) -> Response:
    """Show which columns a file may have."""
    return passed(await ask.forward(query))


@router.get("/templates/{kind}", openapi_extra={"download": CSV, "asks": (GetImportColumns,)})
async def get_template(query: Asked[DownloadTemplate], ask: Ask) -> Response:
    """Download a file to be filled in."""
    return downloads.template(await ask(GetImportColumns(kind=query.kind)), query.format)


@router.get("/{id}", responses=refusing(ImportNotFound))
async def get_import(query: Asked[GetImport], ask: Ask) -> Response:
    """Show how far an import is."""
    return shown(await ask.forward(query))


@router.post("/{id}/cancel", responses=refusing(ImportNotFound, ImportEnded))
async def cancel_import(command: Sent[CancelImport], ask: Ask) -> Response:
    """Cancel an import."""
    return shown(await ask.forward(command))


@router.get("/{id}/findings", responses=refusing(ImportNotFound))
async def list_findings(request: Request, query: Asked[ListFindings], ask: Ask) -> Response:
    """List what an import found."""
    return listed(await ask.forward(query), request)


@router.get(
    "/{id}/findings.csv",
    responses=refusing(ImportNotFound),
    openapi_extra={"download": CSV, "asks": (ListFindings,)},
)
async def download_findings(query: Asked[DownloadFindings], ask: Ask) -> Response:
    """Download what an import found."""
    return await downloads.findings(ListFindings(id=query.id, outcome=query.outcome), ask)
