"""Files being taken in."""

from services.catalog.models import Upload
from services.catalog.repository import uploads
from shared.contracts.catalog.uploads import (
    AddPart,
    CompleteUpload,
    StartUpload,
    UploadDamaged,
    UploadEmpty,
    UploadView,
)
from shared.contracts.values import Done
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def start_upload(command: StartUpload, work: Work) -> UploadView:
    id_ = work.made_id(StartUpload.subject)
    if made := await work.made_before(Upload, id_):
        return UploadView.model_validate(made)
    upload = Upload(id=id_, name=command.name, owner=work.actor.key, complete=False, size=0, request_digest=work.digest)
    work.session.add(upload)
    await work.session.flush()
    await work.session.refresh(upload)
    return UploadView.model_validate(upload)


@handler
async def add_part(command: AddPart, work: Work) -> Done:
    upload = await uploads.own(work.session, command.upload_id, work.actor.key)
    # A file that is whole takes nothing more: it may be another by now, a workbook turned into text.
    if not upload.complete:
        await uploads.add_part(work.session, upload.id, command.position, command.data)
    return Done(id=upload.id)


@handler
async def complete_upload(command: CompleteUpload, work: Work) -> UploadView:
    upload = await uploads.own(work.session, command.upload_id, work.actor.key, lock=True)
    if not command.size:
        raise UploadEmpty
    found = await uploads.measured(work.session, upload.id)
    # A workbook that an import has turned into text is no longer what came.
    rewritten = upload.complete and found[0] != upload.size
    if found != (command.size, command.sha256) and not (rewritten and upload.size == command.size):
        raise UploadDamaged
    if upload.complete:
        return UploadView.model_validate(upload)
    upload.size, upload.complete = command.size, True
    return UploadView.model_validate(upload)
