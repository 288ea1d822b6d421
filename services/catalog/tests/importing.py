"""Files read into a shop in tests: uploaded in parts, every step done as the job runner would."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.catalog.handlers.commands.imports import start_import
from services.catalog.handlers.commands.uploads import add_part, complete_upload, start_upload
from services.catalog.handlers.jobs import imports as steps
from services.catalog.handlers.queries.exports import export_rows
from services.catalog.handlers.queries.imports import get_import, list_findings
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.actor import Actor
from shared.contracts.catalog.bulk import FindingView, GetImport, ImportView, ListFindings, StartImport
from shared.contracts.catalog.exports import ExportRows
from shared.contracts.catalog.uploads import PART_BYTES, AddPart, CompleteUpload, StartUpload
from shared.kernel.ids import new_id
from shared.messaging.work import Job
from shared.testing.desk import Desk

HANDLERS = {
    steps.BeginImport: steps.begin_import,
    steps.SurveyFile: steps.survey_file,
    steps.ReadRows: steps.read_rows,
}


class Files:
    """A shop's files: `scheduled` are the steps that are still to be done."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.scheduled: list[Job] = []

    async def uploaded(self, data: bytes, actor: Actor = KEEPER) -> UUID:
        upload = await self.shop(start_upload, StartUpload(name="file"), actor)
        for position, begins in enumerate(range(0, len(data), PART_BYTES)):
            part = AddPart(upload_id=upload.id, position=position, data=data[begins : begins + PART_BYTES])
            await self.shop(add_part, part, actor)
        digest = hashlib.sha256(data).hexdigest()
        whole = CompleteUpload(upload_id=upload.id, size=len(data), sha256=digest)
        await self.shop(complete_upload, whole, actor)
        return upload.id

    async def started(self, kind: str, data: bytes | str | Sequence[str], **given: Any) -> ImportView:
        """Upload a file and start its import; a file may be given as its lines."""
        text = data if isinstance(data, bytes | str) else "\n".join(data)
        upload_id = await self.uploaded(text.encode() if isinstance(text, str) else text)
        return await self.begun(upload_id, kind, **given)

    async def begun(self, upload_id: UUID, kind: str, **given: Any) -> ImportView:
        asked = StartImport.model_validate({"upload_id": upload_id, "kind": kind} | given)
        view: ImportView = await self.handled(start_import, asked)
        return view

    async def handled(self, handler: Any, message: Any) -> Any:
        """Have a message handled in a transaction of its own, and remember the steps it leaves."""
        work = self.shop.work_as(KEEPER, request_key=str(new_id()))
        try:
            reply = await Desk.handled(self.shop, handler, message, work)
            await work.session.commit()
        finally:
            await work.session.close()
        self.shop.emitted.extend(work.emitted)
        self.scheduled += work.scheduled
        return reply

    async def step(self) -> Job:
        """Do the next step."""
        job = self.scheduled.pop(0)
        if type(job) in HANDLERS:
            await self.handled(HANDLERS[type(job)], job)
        return job

    async def read(self, kind: str, data: bytes | str | Sequence[str], **given: Any) -> ImportView:
        """Import a file from beginning to end."""
        run = await self.started(kind, data, **given)
        while self.scheduled:
            await self.step()
        return await self.seen(run.id)

    async def seen(self, id_: UUID) -> ImportView:
        view: ImportView = await self.shop(get_import, GetImport(id=id_), KEEPER)
        return view

    async def findings(self, id_: UUID, **given: Any) -> list[FindingView]:
        page = await self.shop(list_findings, ListFindings(id=id_, **given), KEEPER)
        items: list[FindingView] = page.items
        return items

    async def faults(self, run: ImportView) -> list[tuple[int, str | None, str | None]]:
        """Return the errors of an import: row, column and code."""
        return [(one.row, one.column, one.code) for one in await self.findings(run.id, outcome="error")]

    async def exported(self, kind: str, limit: int = 500, **given: Any) -> list[dict[str, str]]:
        """Return all rows of an export."""
        found, cursor = [], None
        while True:
            asked = ExportRows.model_validate({"kind": kind, "limit": limit, "cursor": cursor} | given)
            page = await self.shop(export_rows, asked, KEEPER)
            found += [dict(zip(page.columns, row, strict=True)) for row in page.rows]
            cursor = page.next
            if cursor is None:
                return found


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """Return rows as a file."""
    cells = [list(rows[0])] + [list(row.values()) for row in rows]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)
