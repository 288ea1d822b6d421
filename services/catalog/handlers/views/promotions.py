"""Promotions as those who set prices see them."""

from collections.abc import Sequence

from services.catalog.domain.price_rows import written
from services.catalog.models import Promotion
from services.catalog.repository import targets
from shared.contracts.catalog.promotions import PromotionSnapshot, PromotionView
from shared.messaging.work import UnitOfWork


def promotion_snapshot(row: Promotion) -> PromotionSnapshot:
    """Return a promotion as events tell it."""
    told = PromotionSnapshot.model_validate(row)
    return told.model_copy(update={"value": written(row.kind, row.value, row.currency)})


async def promotion_view(row: Promotion, work: UnitOfWork) -> PromotionView:
    """Return one promotion. One statement."""
    (view,) = await promotion_views([row], work)
    return view


async def promotion_views(rows: Sequence[Promotion], work: UnitOfWork) -> list[PromotionView]:
    """Return promotions with what they are about, by SKU or code. One statement, however many."""
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
            mode=row.mode,
            scope=row.scope,
            targets=sorted(names[id_] for id_ in row.target_ids if id_ in names),
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    ]
