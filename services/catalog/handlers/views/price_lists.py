"""Price lists as those who set prices see them."""

from collections.abc import Sequence

from services.catalog.domain.price_lists import warnings
from services.catalog.models import PriceList
from services.catalog.repository import price_lists
from shared.contracts.catalog.price_lists import PriceListView
from shared.messaging.work import UnitOfWork


async def price_list_view(row: PriceList, work: UnitOfWork) -> PriceListView:
    """Return one price list. Two statements."""
    (view,) = await price_list_views([row], work)
    return view


async def price_list_views(rows: Sequence[PriceList], work: UnitOfWork) -> list[PriceListView]:
    """Return price lists with whom they are for, and what they overlap. Two statements, however many."""
    found = [row.id for row in rows]
    targets = await price_lists.targets(work.session, found)
    overlapping = await price_lists.overlapping(work.session, found)
    return [
        PriceListView(
            id=row.id,
            code=row.code,
            name=row.name,
            level=row.level,
            currency=row.currency,
            mode=row.mode,
            priority=row.priority,
            status=row.status,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            tier_basis=row.tier_basis,
            stackable=row.stackable,
            targets=targets[row.id],
            warnings=warnings(overlapping[row.id]),
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    ]
