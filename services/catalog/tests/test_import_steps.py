"""An import killed between two steps, or in one, goes on where it was: no row twice, none left out."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.catalog.handlers.jobs import imports as steps
from services.catalog.handlers.jobs.imports import ReadRows, SurveyFile, SweepUploads, sweep_uploads
from services.catalog.handlers.recording import files as recording
from services.catalog.repository import price_history
from services.catalog.tests.importing import Files
from services.catalog.tests.samples import Shop, drift
from shared.contracts.catalog.bulk import ImportFinished, ImportKind, ImportProgressed, ImportState
from shared.contracts.catalog.uploads import PART_BYTES
from shared.messaging.work import Job

ROWS = 3_000


def table(rows: int = ROWS, price: int = 10) -> str:
    lines = [f'S{n},P{n // 3},"Name ""{n // 3}"",\nin two lines",{n % 500 + price}' for n in range(rows)]
    return "\n".join(["sku,code,description,price,name", *(f"{line},Name {n // 3}" for n, line in enumerate(lines))])


@pytest.fixture
def files(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setitem(recording.AT_ONCE, ImportKind.PRODUCTS, 700)
    return Files(shop)


async def figures(connection: AsyncConnection) -> tuple[int, ...]:
    tables = ("products", "variants", "base_prices", "public_prices", "stocks")
    return tuple([await connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables])


async def test_some_thousand_rows_go_in_by_steps(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    run = await files.read("products", table())

    assert (run.state, run.trouble, run.created_rows, run.done_rows) == (ImportState.DONE, None, ROWS, ROWS)
    assert await figures(connection) == (ROWS // 3, ROWS, ROWS, ROWS, ROWS)
    told = [event for event in shop.emitted if isinstance(event, ImportProgressed)]
    assert [event.run.done_rows for event in told] == sorted(event.run.done_rows for event in told[:5]) * 2
    assert sum(len(event.changed_ids) for event in told) == ROWS // 3
    assert await drift(connection) == []


async def test_a_step_that_was_done_is_not_done_twice(files: Files, connection: AsyncConnection) -> None:
    run = await files.started("products", table(1_500), on_error="skip_bad")
    done: list[Job] = []
    while files.scheduled:
        job = await files.step()
        left = list(files.scheduled)
        for again in [*done, job]:
            files.scheduled.insert(0, again)
            await files.step()
        assert files.scheduled == left
        done.append(job)

    ended = await files.seen(run.id)
    assert (ended.state, ended.created_rows, ended.unchanged_rows) == (ImportState.DONE, 1_500, 0)
    assert await figures(connection) == (500, 1_500, 1_500, 1_500, 1_500)


async def test_a_step_that_breaks_leaves_nothing_and_is_done_again(
    files: Files, connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await files.started("products", table(1_500), on_error="skip_bad")
    while not isinstance(files.scheduled[0], ReadRows):
        await files.step()
    await files.step()
    before, job = await figures(connection), files.scheduled[0]

    async def killed(*_: object) -> None:
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as broken:
        broken.setattr("services.catalog.repository.price_history.record", killed)
        with pytest.raises(RuntimeError):
            await files.step()
    assert await figures(connection) == before
    assert (await files.seen(run.id)).done_rows == job.done  # type: ignore[attr-defined]

    files.scheduled.insert(0, job)
    while files.scheduled:
        await files.step()
    assert (await files.seen(run.id)).created_rows == 1_500
    assert await figures(connection) == (500, 1_500, 1_500, 1_500, 1_500)
    assert price_history.record is not killed


async def test_rows_of_one_product_stay_in_one_step(files: Files, connection: AsyncConnection) -> None:
    rows = [f"S{n},{'P' if n >= 650 else f'Q{n}'},{'' if n > 650 else f'Name {n}'},1" for n in range(1_000)]
    run = await files.read("products", ["sku,code,name,price", *rows])

    assert (run.state, run.trouble, await files.faults(run)) == (ImportState.DONE, None, [])
    assert (await figures(connection))[:2] == (651, 1_000)


async def test_a_file_of_many_parts_is_read_over_their_ends(files: Files, connection: AsyncConnection) -> None:
    padding = "é" * 1_500
    rows = [f'S{n},"{padding}\n{n}",Name,{n + 1}' for n in range(800)]
    data = "\n".join(["sku,description,name,price", *rows])

    assert len(data.encode()) > 3 * PART_BYTES
    run = await files.read("products", data)
    assert (run.state, run.created_rows) == (ImportState.DONE, 800)
    wrong = "SELECT count(*) FROM products WHERE description <> :padding || chr(10) || substr(code, 2)"
    assert await connection.scalar(text(wrong), {"padding": padding}) == 0


async def test_an_import_that_fails_on_our_side_ends_and_lets_the_next_begin(shop: Shop, files: Files) -> None:
    first = await files.started("products", table(10))
    second = await files.started("products", table(10))
    while not isinstance(files.scheduled[0], SurveyFile):
        await files.step()
    job = files.scheduled.pop(0)

    work = shop.work_as()
    await steps.give_up(job, work)
    await work.session.commit()
    files.scheduled += work.scheduled
    while files.scheduled:
        await files.step()

    assert (await files.seen(first.id)).state is ImportState.FAILED
    assert (await files.seen(second.id)).state is ImportState.DONE
    assert isinstance(work.emitted[-1], ImportFinished)


async def test_findings_beyond_what_is_kept_are_counted(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.catalog.repository.imports.MOST_FINDINGS", 5)
    run = await files.read("products", ["sku,name,price", *(f"S{n},Name,-1" for n in range(9))])

    assert (run.failed_rows, len(await files.findings(run.id))) == (9, 5)
    pages = [await files.findings(run.id, limit=2, cursor=cursor) for cursor in (None, "3.1", "5.1")]
    assert [finding.row for page in pages for finding in page] == [2, 3, 4, 5, 6]


async def test_files_are_swept_after_a_day_unless_something_reads_them(
    shop: Shop, files: Files, connection: AsyncConnection
) -> None:
    await files.uploaded(b"old")
    read = await files.started("products", table(1))
    await connection.execute(text("UPDATE uploads SET created_at = created_at - interval '25 hours'"))
    young = await files.uploaded(b"young")

    await shop(sweep_uploads, SweepUploads())

    assert set(await connection.scalars(text("SELECT id FROM uploads"))) == {read.upload_id, young}
    assert await connection.scalar(text("SELECT count(DISTINCT upload_id) FROM upload_parts")) == 2


async def test_findings_are_swept_90_days_after_the_end(shop: Shop, files: Files, connection: AsyncConnection) -> None:
    row = ["sku,name,price", "S1,Name,-1"]
    old, young = await files.read("products", row), await files.read("products", row)
    for run, days in ((old, 91), (young, 89)):
        ended = text("UPDATE import_runs SET finished_at = now() - make_interval(days => :days) WHERE id = :id")
        await connection.execute(ended, {"days": days, "id": run.id})

    await shop(sweep_uploads, SweepUploads())

    assert await files.findings(old.id) == []
    assert [one.code for one in await files.findings(young.id)] == ["NEGATIVE"]
    assert (await files.seen(old.id)).failed_rows == 1
