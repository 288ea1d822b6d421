"""Imports being started and cancelled."""

from services.catalog.domain.bulk.runs import advance, check_may
from services.catalog.handlers.jobs.imports import BeginImport, finish
from services.catalog.models import ImportRun
from services.catalog.repository import imports, uploads, warehouses
from services.catalog.repository.bulk import agreed
from shared.contracts.catalog.bulk import (
    CancelImport,
    ImportKind,
    ImportOptions,
    ImportState,
    ImportView,
    StartImport,
)
from shared.contracts.catalog.uploads import UploadInUse
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def start_import(command: StartImport, work: Work) -> ImportView:
    check_may(work.actor, command.kind)
    id_ = work.made_id(StartImport.subject)
    if made := await work.made_before(ImportRun, id_):
        return ImportView.model_validate(made)
    upload = await uploads.whole(work.session, command.upload_id, work.actor.key, lock=True)
    if await imports.reads(work.session, upload.id):
        raise UploadInUse
    await _check_options(command.kind, command.options, work)
    run = ImportRun(
        id=id_,
        state=ImportState.WAITING,
        actor=work.actor.ref().model_dump(mode="json"),
        request_digest=work.digest,
        options=command.options.model_dump(mode="json"),
        **command.model_dump(exclude={"options"}),
    )
    work.session.add(run)
    await work.session.flush()
    await work.session.refresh(run)
    await work.schedule(BeginImport(import_id=id_), key=str(id_))
    return ImportView.model_validate(run)


@handler
async def cancel_import(command: CancelImport, work: Work) -> ImportView:
    session = work.session
    kind = (await imports.by_id(session, command.id)).kind
    check_may(work.actor, kind)
    await imports.take_turn(session, kind)
    run = await imports.by_id(session, command.id, lock=True)
    advance(run.state, ImportState.CANCELLED)
    await finish(run, ImportState.CANCELLED, work)
    return ImportView.model_validate(run)


async def _check_options(kind: ImportKind, options: ImportOptions, work: UnitOfWork) -> None:
    code = options.price_list
    if kind is ImportKind.PRICES and code is not None:
        await agreed.check_exists(work.session, code)
    if kind is ImportKind.STOCK and options.warehouse is not None:
        await warehouses.serving(work.session, options.warehouse)
