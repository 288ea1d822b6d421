"""Changes of many prices: how far they are, and what they did to each."""

from services.catalog.handlers.views.price_changes import price_change_view, price_difference_view
from services.catalog.repository import price_changes
from shared.contracts.catalog.price_changes import (
    GetPriceChange,
    ListPriceChanges,
    ListPriceDifferences,
    PriceChangeView,
    PriceDifferenceView,
)
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_price_change(query: GetPriceChange, work: Work) -> PriceChangeView:
    return price_change_view(await price_changes.by_id(work.session, query.id))


@handler
async def list_price_changes(query: ListPriceChanges, work: Work) -> Page[PriceChangeView]:
    found, cursor = await price_changes.one_page(work.session, query)
    return Page(items=[price_change_view(change) for change in found], next=cursor)


@handler
async def list_price_differences(query: ListPriceDifferences, work: Work) -> Page[PriceDifferenceView]:
    change = await price_changes.by_id(work.session, query.id)
    found, cursor = await price_changes.differences(work.session, query)
    return Page(items=[price_difference_view(row, change.currency) for row in found], next=cursor)
