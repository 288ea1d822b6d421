"""What rows of a file become: each kind is loaded, decided and, unless it is only checked, recorded in one go."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.catalog.adapters import files
from services.catalog.adapters.collecting import put_off
from services.catalog.adapters.files import Layout, Piece
from services.catalog.domain.bulk import counting, limiting, pricing, products, tree
from services.catalog.domain.bulk import foreseen as ahead
from services.catalog.domain.bulk import rows as reading
from services.catalog.domain.bulk.pricing import Agreed
from services.catalog.domain.bulk.rows import Report, Row
from services.catalog.domain.prices import PUBLIC
from services.catalog.domain.reach import reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.handlers.recording.price_lists import record_rows
from services.catalog.handlers.recording.stock import move
from services.catalog.models import ImportRun
from services.catalog.repository import catalog_settings, imports, price_rows, rulebook, targets, uploads
from services.catalog.repository.bulk import agreed, counts, foreseen, goods, limits, writing
from services.catalog.repository.bulk import tree as branches
from services.catalog.repository.movements import Cause
from shared.contracts.catalog.bulk import ImportKind, ImportOptions
from shared.contracts.catalog.movements import MovementKind
from shared.contracts.catalog.price_lists import PriceListNotFound, Scope
from shared.contracts.catalog.uploads import PART_BYTES
from shared.kernel.ids import new_id
from shared.messaging.work import UnitOfWork

# The tree is read whole, so its file is: a parent may stand anywhere in it.
AT_ONCE = {
    ImportKind.PRODUCTS: 2_000,
    ImportKind.PRICES: 2_000,
    ImportKind.STOCK: 500,
    ImportKind.CATEGORIES: 10_000,
    ImportKind.QUANTITY_RULES: 500,
}
Made = Callable[[Sequence[Row], ImportRun, Report, UnitOfWork, bool], Awaitable[list[UUID]]]


async def next_piece(run: ImportRun, layout: Layout, offset: int, after: int, work: UnitOfWork) -> Piece:
    """Return the rows of a file that come next; only so many parts of it are read as they need."""
    position, skipped = divmod(offset, PART_BYTES)
    data, more = b"", 1
    while True:
        # Twice as many each time, so that what was read already is not read again and again.
        for _ in range(more):
            part = await uploads.part(work.session, run.upload_id, position) or b""
            data += part[skipped:]
            position, skipped = position + 1, 0
        more = position - offset // PART_BYTES
        whole = not part or position * PART_BYTES >= layout.size
        # Beside the loop: a piece may be millions of empty lines.
        piece = await asyncio.to_thread(files.piece, data, layout, offset, after, AT_ONCE[run.kind], whole=whole)
        if piece.full or whole:
            return piece


async def take(run: ImportRun, layout: Layout, piece: Piece, after: int, work: UnitOfWork, *, write: bool) -> Any:
    """Return a report of some rows, and the ids of what they changed; nothing is changed unless `write`."""
    report = Report(tells=run.dry_run)
    bad = await imports.bad_rows(work.session, run.id, after, piece.last)
    with put_off():
        # Beside the loop: other requests are answered while some thousand cells are read.
        rows = await asyncio.to_thread(reading.read, run.kind, layout.columns, piece.rows, bad, report)
        return report, await MADE[run.kind](rows, run, report, work, write)


async def _products(rows: Sequence[Row], run: ImportRun, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    named = {code for row in rows for code in row["categories"] or ()}
    codes = {row["code"] for row in rows if row["code"]}
    assortment = await goods.assortment(work.session, {row["sku"] for row in rows}, codes, named, lock=write)
    assortment.scale = await _scale(work)
    earlier = await foreseen.before(work.session, run, assortment.products)
    ahead.choose(assortment, earlier)
    chosen = ahead.chosen(assortment)
    await asyncio.to_thread(products.place, rows, assortment, _options(run).currency, report, new_id)
    await foreseen.keep(work.session, run, len(rows), ahead.choices(assortment, chosen, earlier))
    return await writing.put(work.session, assortment, work.as_of) if write else []


async def _prices(rows: Sequence[Row], run: ImportRun, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    options = _options(run)
    if options.price_list is not None:
        return await _agreed(rows, options.price_list, report, work, write)
    assortment = await goods.assortment(work.session, {row["sku"] for row in rows if row["sku"]}, (), (), lock=write)
    assortment.scale = await _scale(work)
    pricing.set_base(rows, assortment, options.currency, report)
    return await writing.change_prices(work.session, assortment, work.as_of) if write else []


async def _agreed(rows: Sequence[Row], code: str, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    # Before the list is locked: who deletes goods comes to its lists last.
    known = await targets.ids(work.session, pricing.named(rows), kept=write)
    row = await agreed.by_code(work.session, code)
    if row is None:
        raise PriceListNotFound(f"There is no price list {code} any more; create it and import again.")
    standing = await agreed.rows(work.session, row.id, {*known.values(), PUBLIC})
    agreed_on = Agreed(row.level, row.currency, known, standing, await _scale(work))
    changes = pricing.set_agreed(rows, agreed_on, report)
    if not write or not (changes.put or changes.gone):
        return []
    gone = await price_rows.remove(work.session, row.id, changes.gone)
    await price_rows.put(work.session, row.id, changes.put)
    row.version += 1
    await record_rows(row, [*gone, *((one.scope, id_) for id_, one in changes.put)], work)
    return [row.id]


async def _stock(rows: Sequence[Row], run: ImportRun, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    places = await counts.in_use(work.session)
    piles = await counts.piles(work.session, {row["sku"] for row in rows})
    usual = _options(run).warehouse or next(iter(places), "")
    earlier = await foreseen.before(work.session, run, [pile.level.variant_id for pile in piles.values()])
    ahead.move(piles.values(), earlier)
    moves = counting.count(rows, piles, places, usual, report)
    await foreseen.keep(work.session, run, len(rows), ahead.moves(moves, earlier))
    moved = {one.variant_id for one in moves}
    if moves and write:
        there = [pile for pile in piles.values() if pile.level.variant_id in moved]
        levels = {pile.level.variant_id: pile.level for pile in there}
        shelves = [shelf for pile in there for shelf in pile.shelves.values()]
        ids = [new_id() for _ in moves]
        await move(work, levels, shelves, moves, Cause(ids, MovementKind.COUNT, f"Import {run.id}", run.actor, None))
    return sorted(moved) if write else []


async def _categories(rows: Sequence[Row], run: ImportRun, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    standing = await branches.read(work.session, lock=write)
    tree.grow(rows, standing, report, new_id)
    if not write:
        return []
    changed = await branches.put(work.session, standing)
    moved = [(Scope.CATEGORY, branch.id) for branch in standing.values() if branch.moved]
    if moved:
        await follow_prices(work, f"import {run.id} {rows[-1].number}", reach(moved))
    return changed


async def _limits(rows: Sequence[Row], run: ImportRun, report: Report, work: UnitOfWork, write: bool) -> list[UUID]:
    if write:
        # The book comes first, so that no two make the first rule of a buyer for the same goods.
        await rulebook.changed(work.session)
    groups = {row["group"] for row in rows if row["group"]}
    names = await limits.named(work.session, pricing.named(rows), groups)
    about, buyers = names.all_of(rows)
    # What is below a product or a category is found by the rules about it: those of rows before are such, too.
    wide = any(scope is not Scope.VARIANT for scope, _ in about)
    earlier = await foreseen.before(work.session, run, None if wide else ())
    ruled = await limits.ruled(work.session, about | ahead.about(earlier), buyers)
    earlier = earlier or await foreseen.before(work.session, run, ruled.targets)
    ahead.rule(ruled, earlier)
    changes = await asyncio.to_thread(limiting.set_limits, rows, names, ruled, report, new_id)
    await foreseen.keep(work.session, run, len(rows), ahead.rules(ruled, earlier))
    if not write:
        return []
    await limits.put(work.session, changes.put, changes.gone)
    return [*(rule.id for rule in changes.put), *changes.gone]


async def _scale(work: UnitOfWork) -> int | None:
    return (await catalog_settings.read(work.session)).unit_price_scale


def _options(run: ImportRun) -> ImportOptions:
    return ImportOptions.model_validate(run.options)


MADE: Mapping[ImportKind, Made] = {
    ImportKind.PRODUCTS: _products,
    ImportKind.PRICES: _prices,
    ImportKind.STOCK: _stock,
    ImportKind.CATEGORIES: _categories,
    ImportKind.QUANTITY_RULES: _limits,
}
