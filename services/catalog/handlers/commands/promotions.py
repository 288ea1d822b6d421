"""Changes of public promotions; what everyone pays follows. The rule book is raised before anything else is locked."""

from services.catalog.domain.announcements import check_never_begun, check_promotion, target_ids
from services.catalog.domain.reach import ALL_GOODS, Reach, reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.handlers.views.promotions import promotion_snapshot, promotion_view
from services.catalog.models import Promotion
from services.catalog.repository import catalog_settings, price_history, promotions, rulebook, targets
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.promotions import (
    ChangePromotion,
    CreatePromotion,
    DeletePromotion,
    PromotionChanged,
    PromotionCodeTaken,
    PromotionCreated,
    PromotionDeleted,
    PromotionNotFound,
    PromotionView,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

REPLACED = (
    "name",
    "enabled",
    "starts_at",
    "ends_at",
    "priority",
    "exclusive",
    "kind",
    "value",
    "currency",
    "mode",
    "scope",
)


@handler
async def create_promotion(command: CreatePromotion, work: Work) -> PromotionView:
    session, id_ = work.session, work.made_id(CreatePromotion.subject)
    if made := await work.made_before(Promotion, id_):
        return await promotion_view(made, work)
    await rulebook.changed(session)
    row = Promotion(id=id_, code=command.code, version=1, request_digest=work.digest)
    opening = await price_history.opens(session, command.markets)
    await _fill(work, row, command)
    if await promotions.code_taken(session, command.code):
        raise PromotionCodeTaken(f"Another promotion has the code {command.code}; choose another.")
    session.add(row)
    await session.flush()
    await follow_prices(work, _cause(row), ALL_GOODS if opening else _goods(row), row.starts_at, row.ends_at)
    work.emit(PromotionCreated(promotion=promotion_snapshot(row)))
    return await promotion_view(row, work)


@handler
async def change_promotion(command: ChangePromotion, work: Work) -> PromotionView:
    await rulebook.changed(work.session)
    row = await lock(work.session, Promotion, command.id, PromotionNotFound(), command.expected_version)
    before = ALL_GOODS if await price_history.opens(work.session, command.markets) else _goods(row)
    await _fill(work, row, command)
    await work.session.flush()
    await follow_prices(work, f"{_cause(row)} before", before)
    await follow_prices(work, _cause(row), _goods(row), row.starts_at, row.ends_at)
    work.emit(PromotionChanged(promotion=promotion_snapshot(row)))
    return await promotion_view(row, work)


@handler
async def delete_promotion(command: DeletePromotion, work: Work) -> Done:
    await rulebook.changed(work.session)
    row = await lock(work.session, Promotion, command.id, PromotionNotFound(), command.expected_version)
    # The lock has raised the version already.
    check_never_begun(enabled=row.enabled, version=row.version - 1, starts_at=row.starts_at, at=work.as_of)
    gone = promotion_snapshot(row)
    await work.session.delete(row)
    work.emit(PromotionDeleted(promotion=gone))
    return Done(id=gone.id)


async def _fill(work: UnitOfWork, row: Promotion, command: CreatePromotion | ChangePromotion) -> None:
    """Let a promotion be what a command says of it. Raises PromotionInvalid."""
    scale = (await catalog_settings.read(work.session)).unit_price_scale
    check_promotion(command.kind, command.value, command.currency, command.starts_at, command.ends_at, scale)
    known = await targets.ids(work.session, ((command.scope, name) for name in command.targets))
    row.target_ids = target_ids(command.scope, command.targets, known)
    row.markets = sorted(set(command.markets))
    for name in REPLACED:
        setattr(row, name, getattr(command, name))


def _goods(row: Promotion) -> Reach:
    """Return the goods that a promotion is about."""
    return ALL_GOODS if row.scope is Scope.ALL else reach((row.scope, id_) for id_ in row.target_ids)


def _cause(row: Promotion) -> str:
    """Return what tells this change of a promotion from all others."""
    return f"promotion {row.id} {row.version}"
