"""Files being read into the catalogue, step by step: each step is a job, and leaves the next one as it commits.

A killed step leaves nothing, and is done again; a step that was done is not done twice, since the import remembers how
many rows it has read.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.catalog.adapters import workbooks
from services.catalog.adapters.files import PIECE_BYTES, FileFault, Layout, survey
from services.catalog.domain.bulk.columns import HeaderFault
from services.catalog.domain.bulk.runs import ENDED, advance
from services.catalog.handlers.recording.files import AT_ONCE, next_piece, take
from services.catalog.models import ImportRun
from services.catalog.repository import imports, uploads
from services.catalog.repository.bulk import agreed, counts, foreseen
from shared.contracts.catalog.bulk import (
    Delimiter,
    FindingView,
    ImportFinished,
    ImportKind,
    ImportOptions,
    ImportProgressed,
    ImportSnapshot,
    ImportStarted,
    ImportState,
    OnError,
)
from shared.contracts.catalog.price_lists import PriceMode
from shared.contracts.catalog.uploads import PART_BYTES
from shared.messaging.handler import handler
from shared.messaging.work import Job, UnitOfWork, Work

KEPT_FOR, FINDINGS_KEPT_FOR = timedelta(days=1), timedelta(days=90)
IN_MEMORY = 1024 * 1024
S = ImportState


class BeginImport(Job, give_up_after=8):
    """Begins an import, unless another of its kind is at work: that one calls it when it ends."""

    import_id: UUID


class SurveyFile(Job, give_up_after=8):
    """Looks through a file: what it is written in, which columns it has, how many rows, and which repeat another."""

    import_id: UUID


class ReadRows(Job, give_up_after=8):
    """Checks or applies the rows of a file that follow a place in it. `done`: how many came before."""

    import_id: UUID
    state: ImportState
    layout: Layout
    offset: int
    row: int = 1
    done: int = 0


STEPS = (BeginImport, SurveyFile, ReadRows)


class SweepUploads(Job, every=3600):
    """Deletes files that nobody used for a day, and findings of imports that ended 90 days ago."""


@dataclass(slots=True)
class Seen:
    """What was seen in a file: how it is written, or why nothing can be read, and which rows repeat another."""

    layout: Layout | None = None
    trouble: str | None = None
    findings: list[FindingView] = field(default_factory=list)


@handler
async def begin_import(job: BeginImport, work: Work) -> None:
    session = work.session
    kind = (await imports.by_id(session, job.import_id)).kind
    await imports.take_turn(session, kind)
    run = await imports.by_id(session, job.import_id, lock=True)
    if run.state is not S.WAITING or await imports.runs(session, kind):
        return
    run.state = advance(run.state, S.CHECKING)
    run.version += 1
    work.emit(ImportStarted(run=ImportSnapshot.model_validate(run)))
    await work.schedule(SurveyFile(import_id=run.id), key=str(run.id))


@handler
async def survey_file(job: SurveyFile, work: Work) -> None:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as raw, tempfile.SpooledTemporaryFile(IN_MEMORY) as text:
        seen = await _seen(job.import_id, raw, text, work)
        run = await imports.by_id(work.session, job.import_id, lock=True)
        if run.state is not S.CHECKING or run.total_rows is not None:
            return
        if seen.layout is None:
            await finish(run, S.FAILED, work, seen.trouble)
            return
        if workbooks.is_workbook(raw):
            await uploads.rewrite(work.session, run.upload_id, _parts(text))
    await imports.keep_findings(work.session, run.id, seen.findings, first=0)
    run.total_rows = seen.layout.rows
    if run.on_error is OnError.SKIP_BAD and not run.dry_run:
        run.state = advance(run.state, S.APPLYING)
    await _go_on(run, seen.layout, work)


@handler
async def read_rows(job: ReadRows, work: Work) -> None:
    run = await imports.by_id(work.session, job.import_id, lock=True)
    if run.state is not job.state or run.done_rows != job.done:
        return
    piece = await next_piece(run, job.layout, job.offset, job.row, work)
    report, changed = await take(run, job.layout, piece, job.row, work, write=run.state is S.APPLYING)
    await imports.keep_findings(work.session, run.id, report.findings)
    run.done_rows += len(piece.rows)
    run.created_rows += report.created
    run.changed_rows += report.changed
    run.unchanged_rows += report.unchanged
    run.failed_rows += report.failed
    run.version += 1
    work.emit(ImportProgressed(run=ImportSnapshot.model_validate(run), changed_ids=changed))
    if piece.ends < job.layout.size:
        place = {"offset": piece.ends, "row": piece.last, "done": run.done_rows}
        await _schedule(job.model_copy(update=place), work)
    else:
        await _passed(run, job.layout, work)


@handler
async def sweep_uploads(job: SweepUploads, work: Work) -> None:
    while await uploads.sweep(work.session, work.as_of - KEPT_FOR):
        continue
    while await imports.forget_findings(work.session, work.as_of - FINDINGS_KEPT_FOR):
        continue


async def finish(run: ImportRun, state: ImportState, work: UnitOfWork, trouble: str | None = None) -> None:
    """End a locked import, tell so, and let the next of its kind begin. What it read is used up once it is applied."""
    run.state = advance(run.state, state)
    run.trouble, run.finished_at = trouble, work.as_of
    run.version += 1
    work.emit(ImportFinished(run=ImportSnapshot.model_validate(run)))
    await foreseen.forget(work.session, run)
    if state is S.DONE:
        await uploads.remove(work.session, run.upload_id)
    await work.session.flush()
    await imports.take_turn(work.session, run.kind)
    following = await imports.next_waiting(work.session, run.kind)
    if following is not None:
        await work.schedule(BeginImport(import_id=following), key=f"{following}:after:{run.id}")


async def give_up(job: Any, work: UnitOfWork) -> None:
    """End an import that failed on our side again and again."""
    run = await imports.by_id(work.session, job.import_id, lock=True)
    if run.state not in ENDED:
        await finish(run, S.FAILED, work, "It failed on our side and was recorded; rows applied before stay.")


async def _passed(run: ImportRun, layout: Layout, work: UnitOfWork) -> None:
    """Decide what follows the end of a file: another pass, or the end of the import."""
    faulty = f"{run.failed_rows} of {run.total_rows} rows are in error"
    if run.state is S.CHECKING and run.dry_run:
        await finish(run, S.CHECKED, work)
    elif run.state is S.CHECKING and run.failed_rows:
        await finish(run, S.FAILED, work, f"{faulty}, so nothing was changed; mend them, or import with skip_bad.")
    elif run.state is S.CHECKING:
        run.state = advance(run.state, S.APPLYING)
        run.done_rows = run.created_rows = run.changed_rows = run.unchanged_rows = 0
        await _go_on(run, layout, work)
    elif run.failed_rows and run.on_error is OnError.ALL_OR_NOTHING:
        message = f"{faulty} though none was when they were checked: the catalogue changed meanwhile. The others stand."
        await finish(run, S.FAILED, work, message)
    else:
        await finish(run, S.DONE, work)


async def _go_on(run: ImportRun, layout: Layout, work: UnitOfWork) -> None:
    await _schedule(ReadRows(import_id=run.id, state=run.state, layout=layout, offset=layout.begins), work)


async def _schedule(job: ReadRows, work: UnitOfWork) -> None:
    await work.schedule(job, key=f"{job.import_id}:{job.state}:{job.row}")


async def _seen(id_: UUID, raw: IO[bytes], text: IO[bytes], work: UnitOfWork) -> Seen:
    """Return what there is to see in a file, which is put on the disk; a workbook becomes text there."""
    async with work.look() as looking:
        run = await imports.by_id(looking, id_)
        async for part in uploads.parts(looking, run.upload_id):
            raw.write(part)
        usual = await _usual(run, looking)
    seen = Seen()
    try:
        # Beside the loop: other requests are answered while a file is read.
        seen.layout = await asyncio.to_thread(_surveyed, run, raw, text, seen.findings, usual)
    except (FileFault, HeaderFault) as fault:
        seen.trouble = str(fault)
    return seen


async def _usual(run: ImportRun, looking: AsyncSession) -> dict[str, str]:
    """Return what an empty cell says, for columns that tell rows from each other."""
    options = ImportOptions.model_validate(run.options)
    warehouse = options.warehouse
    if run.kind is ImportKind.STOCK and warehouse is None:
        warehouse = next(iter(await counts.in_use(looking)), None)
    said = {
        "currency": options.currency,
        "min_qty": "1",
        "price_mode": PriceMode.NET.value,
        "warehouse": warehouse or "",
    }
    if options.price_list is not None:
        said["currency"] = await agreed.currency(looking, options.price_list)
    return said


def _surveyed(
    run: ImportRun, raw: IO[bytes], text: IO[bytes], findings: list[FindingView], usual: dict[str, str]
) -> Layout:
    book = workbooks.is_workbook(raw)
    if book:
        workbooks.as_csv(raw, text)
    # What a workbook became is written with commas, whatever its sender writes others with.
    asked = Delimiter.COMMA if book else ImportOptions.model_validate(run.options).delimiter
    layout = survey(text if book else raw, run.kind, asked, findings, usual)
    if run.kind is ImportKind.CATEGORIES and (layout.rows > AT_ONCE[run.kind] or layout.size > PIECE_BYTES):
        most = f"{AT_ONCE[run.kind]} and be {PIECE_BYTES // 1024 // 1024} MB large"
        raise FileFault(f"The file has {layout.rows} categories; it may have {most}. Split it.")
    return layout


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while part := file.read(PART_BYTES):
        yield part
