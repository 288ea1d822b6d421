"""Changes of public promotions; what everyone pays follows."""

from collections.abc import Sequence

from services.catalog.domain.announcements import check_never_begun, check_promotion, target_ids
from services.catalog.domain.price_rows import written
from services.catalog.domain.reach import ALL_GOODS, Reach, reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.models import Promotion
from services.catalog.repository import promotions, rulebook, targets
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
    PromotionSnapshot,
    PromotionView,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work

REPLACED = ("name", "enabled", "starts_at", "ends_at", "priority", "exclusive", "kind", "value", "currency", "scope")


@handler
async def create_promotion(command: CreatePromotion, work: Work) -> PromotionView:
    session, id_ = work.session, work.made_id(CreatePromotion.subject)
    if made := await work.made_before(Promotion, id_):
        return (await shown(work, [made]))[0]
    row = Promotion(id=id_, code=command.code, version=1, request_digest=work.digest)
    await fill(work, row, command)
    if await promotions.code_taken(session, command.code):
        raise PromotionCodeTaken(f"Another promotion has the code {command.code}; choose another.")
    session.add(row)
    await session.flush()
    await rulebook.changed(session)
    await follow_prices(work, cause(row), goods(row), row.starts_at, row.ends_at)
    work.emit(PromotionCreated(promotion=snapshot(row)))
    return (await shown(work, [row]))[0]


@handler
async def change_promotion(command: ChangePromotion, work: Work) -> PromotionView:
    row = await lock(work.session, Promotion, command.id, PromotionNotFound(), command.expected_version)
    before = goods(row)
    await fill(work, row, command)
    await work.session.flush()
    await rulebook.changed(work.session)
    await follow_prices(work, f"{cause(row)} before", before)
    await follow_prices(work, cause(row), goods(row), row.starts_at, row.ends_at)
    work.emit(PromotionChanged(promotion=snapshot(row)))
    return (await shown(work, [row]))[0]


@handler
async def delete_promotion(command: DeletePromotion, work: Work) -> Done:
    row = await lock(work.session, Promotion, command.id, PromotionNotFound(), command.expected_version)
    # The lock has raised the version already.
    check_never_begun(enabled=row.enabled, version=row.version - 1, starts_at=row.starts_at, at=work.as_of)
    gone = snapshot(row)
    await work.session.delete(row)
    await work.session.flush()
    await rulebook.changed(work.session)
    work.emit(PromotionDeleted(promotion=gone))
    return Done(id=gone.id)


async def fill(work: UnitOfWork, row: Promotion, command: CreatePromotion | ChangePromotion) -> None:
    """Let a promotion be what a command says of it. Raises PromotionInvalid."""
    check_promotion(command.kind, command.value, command.currency, command.starts_at, command.ends_at)
    known = await targets.ids(work.session, ((command.scope, name) for name in command.targets))
    row.target_ids = target_ids(command.scope, command.targets, known)
    row.markets = sorted(set(command.markets))
    for name in REPLACED:
        setattr(row, name, getattr(command, name))


def goods(row: Promotion) -> Reach:
    """Return the goods that a promotion is about."""
    return ALL_GOODS if row.scope is Scope.ALL else reach((row.scope, id_) for id_ in row.target_ids)


def cause(row: Promotion) -> str:
    """Return what tells this change of a promotion from all others."""
    return f"promotion {row.id} {row.version}"


def snapshot(row: Promotion) -> PromotionSnapshot:
    """Return a promotion as events tell it."""
    told = PromotionSnapshot.model_validate(row)
    return told.model_copy(update={"value": written(row.kind, row.value, row.currency)})


async def shown(work: UnitOfWork, rows: Sequence[Promotion]) -> list[PromotionView]:
    """Return promotions as those who set prices see them. One statement, however many."""
    names = await targets.names(work.session, ((row.scope, id_) for row in rows for id_ in row.target_ids))
    return [
        PromotionView(
            id=row.id,
            code=row.code,
            name=row.name,
            enabled=row.enabled,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            markets=row.markets,
            priority=row.priority,
            exclusive=row.exclusive,
            kind=row.kind,
            value=written(row.kind, row.value, row.currency),
            currency=row.currency,
            scope=row.scope,
            targets=sorted(names[id_] for id_ in row.target_ids if id_ in names),
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    ]
