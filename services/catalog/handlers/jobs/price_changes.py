"""What catalog does by itself about changes of many prices: goes through them, some at a time."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from services.catalog.domain.price_changes import PriceRule, advance, changed, made
from services.catalog.domain.pricing.floors import least
from services.catalog.handlers.recording.price_lists import record_rows
from services.catalog.models import PriceChange, Product
from services.catalog.repository import catalog_settings, price_changes, price_history, price_lists
from services.catalog.repository.price_changes import Priced
from services.catalog.repository.products import told
from services.catalog.repository.sheets import sheets
from shared.contracts.catalog.catalog_settings import CatalogSettings
from shared.contracts.catalog.price_changes import (
    ChangeState,
    PriceChangeFinished,
    PriceChangeNotFound,
    PriceChangeSnapshot,
    PriceOutcome,
    Rounding,
)
from shared.contracts.catalog.products import ProductChanged
from shared.database.rows import lock, raise_version
from shared.messaging.handler import handler
from shared.messaging.work import Job, UnitOfWork, Work

CHANGED_AT_ONCE = 500
KEPT_FOR = timedelta(days=90)

Outcomes = Sequence[tuple[Priced, Decimal, PriceOutcome]]


class ChangePrices(Job):
    """Goes on with a change of many prices, some hundred at a time; a dry run only writes down what would become."""

    change_id: UUID


@handler
async def change_prices(job: ChangePrices, work: Work) -> None:
    change = await lock(work.session, PriceChange, job.change_id, PriceChangeNotFound())
    if change.state in (ChangeState.DONE, ChangeState.FAILED):
        return
    change.state = advance(change.state, ChangeState.RUNNING)
    seen = await (_change_base_prices(change, work) if change.list_id is None else _change_rows(change, work))
    if len(seen) == CHANGED_AT_ONCE:
        change.reached = seen[-1]
        await work.schedule(job, key=f"{change.id}:{change.reached}")
    else:
        change.state = advance(change.state, ChangeState.DONE)
        _finish(change, work)


async def _change_base_prices(change: PriceChange, work: UnitOfWork) -> Sequence[UUID]:
    """Move the next base prices; return the variants they are of. Products, their events and history follow."""
    session = work.session
    seen, products = await price_changes.products(session, change, CHANGED_AT_ONCE)
    settings = await catalog_settings.read(session)
    prices = await price_changes.base_prices(session, change, seen)
    outcomes = _decided(change, prices, settings)
    moved = await _kept(change, outcomes, work)
    if moved:
        touched = {priced.product_id for priced in moved}
        others = [product for product in products if product.id in touched]
        await _tell(others, work)
        await price_history.record(session, [priced.id for priced in moved], work.as_of)
    return seen


async def _change_rows(change: PriceChange, work: UnitOfWork) -> Sequence[UUID]:
    """Move the next fixed prices of a list; return the rows they are."""
    assert change.list_id is not None
    row = await price_lists.locked(work.session, change.list_id)
    found = await price_changes.rows(work.session, change, CHANGED_AT_ONCE)
    settings = (await catalog_settings.read(work.session)).model_copy(update={"min_margin_percent": None})
    moved = await _kept(change, _decided(change, found, settings), work)
    if moved:
        raise_version(row)
        await record_rows(row, ((priced.scope, priced.target_id) for priced in moved), work)
    return [priced.id for priced in found]


def _decided(change: PriceChange, prices: Sequence[Priced], settings: CatalogSettings) -> Outcomes:
    """Return what becomes of each price in a shop of these settings."""
    scale, least_margin = settings.unit_price_scale, settings.min_margin_percent
    rounding = None if change.rounding is None else Rounding.model_validate(change.rounding)
    rule = PriceRule(change.kind, change.value, change.currency, rounding, change.mode, change.from_mode, scale)
    floors = [least(priced.floor, priced.cost, least_margin, change.currency, scale) for priced in prices]
    return [(priced, *_become(priced, rule, floor)) for priced, floor in zip(prices, floors, strict=True)]


def _become(priced: Priced, rule: PriceRule, floor: Decimal | None) -> tuple[Decimal, PriceOutcome]:
    if rule.from_mode is None:
        return changed(priced.amount, rule, floor)
    return made(priced.amount, priced.standing, rule, floor)


async def _kept(change: PriceChange, outcomes: Outcomes, work: UnitOfWork) -> list[Priced]:
    """Write down what becomes of prices and, unless it is a dry run, set them; return those that were set."""
    counts = Counter(outcome for _, _, outcome in outcomes)
    report = [
        {
            "change_id": change.id,
            "position": position,
            "target": priced.target,
            "min_qty": priced.min_qty,
            "before": priced.amount,
            "after": after,
            "outcome": outcome,
        }
        for position, (priced, after, outcome) in enumerate(outcomes, change.done + 1)
        if outcome is not PriceOutcome.UNCHANGED
    ]
    change.done += len(outcomes)
    change.changed += counts[PriceOutcome.CHANGED]
    change.unchanged += counts[PriceOutcome.UNCHANGED]
    change.floored += counts[PriceOutcome.FLOORED]
    change.too_large += counts[PriceOutcome.TOO_LARGE]
    await price_changes.report(work.session, report)
    amounts = {
        priced.id: after
        for priced, after, outcome in outcomes
        if outcome is not PriceOutcome.TOO_LARGE and after != priced.standing
    }
    if change.dry_run or not amounts:
        return []
    await price_changes.put(work.session, change, amounts)
    return [priced for priced, _, _ in outcomes if priced.id in amounts]


async def _tell(products: Sequence[Product], work: UnitOfWork) -> None:
    """Raise the versions of locked products whose prices are others than before, and tell of them."""
    for product in products:
        raise_version(product)
    await work.session.flush()
    for sheet in await sheets(work.session, products):
        work.emit(ProductChanged(product=told(sheet)))


def _finish(change: PriceChange, work: UnitOfWork) -> None:
    """Say that a price change has come to its end, good or bad."""
    change.finished_at = work.as_of
    work.emit(PriceChangeFinished(price_change=PriceChangeSnapshot.model_validate(change)))


async def give_up(job: ChangePrices, work: UnitOfWork) -> None:
    """Say of a price change that it came to nothing further; what it changed until then stays and is reported."""
    change = await lock(work.session, PriceChange, job.change_id, PriceChangeNotFound())
    change.state = advance(change.state, ChangeState.FAILED)
    _finish(change, work)
    change.trouble = f"It stopped after {change.done} of {change.total} prices; what was changed stays changed."


class ForgetPriceDifferences(Job, every=86_400):
    """Forgets what price changes did to each price, long after they did it; the counts stay."""


@handler
async def forget_price_differences(job: ForgetPriceDifferences, work: Work) -> None:
    await price_changes.forget_differences(work.session, work.as_of - KEPT_FOR)
