"""How far imports are, what they found, and which columns a file may have."""

from services.catalog.domain.bulk.columns import OF
from services.catalog.domain.bulk.runs import check_may, may_keep
from services.catalog.repository import imports
from shared.contracts.catalog.bulk import FindingView, GetImport, ImportView, ListFindings, ListImports
from shared.contracts.catalog.exports import ColumnsView, ColumnView, GetImportColumns
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_import(query: GetImport, work: Work) -> ImportView:
    run = await imports.by_id(work.session, query.id)
    check_may(work.actor, run.kind)
    return ImportView.model_validate(run)


@handler
async def list_imports(query: ListImports, work: Work) -> Page[ImportView]:
    found, cursor = await imports.one_page(work.session, query, may_keep(work.actor))
    return Page(items=[ImportView.model_validate(run) for run in found], next=cursor)


@handler
async def list_findings(query: ListFindings, work: Work) -> Page[FindingView]:
    check_may(work.actor, (await imports.by_id(work.session, query.id)).kind)
    found, cursor = await imports.findings(work.session, query)
    return Page(items=found, next=cursor)


@handler
async def get_import_columns(query: GetImportColumns, work: Work) -> ColumnsView:
    columns = [
        ColumnView(column=one.name, meaning=one.meaning, required=one.needed, example=one.example)
        for one in OF[query.kind]
    ]
    return ColumnsView(kind=query.kind, columns=columns)
