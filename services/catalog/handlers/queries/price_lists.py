"""Price lists and their rows, as those who set prices ask for them."""

from services.catalog.domain.price_rows import written
from services.catalog.handlers.views.price_lists import price_list_view, price_list_views
from services.catalog.repository import price_lists, price_rows, targets
from shared.contracts.catalog.price_lists import GetPriceList, ListPriceLists, PriceListView
from shared.contracts.catalog.price_rows import ListPriceRows, PriceRowView
from shared.contracts.values import Page
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_price_list(query: GetPriceList, work: Work) -> PriceListView:
    return await price_list_view(await price_lists.by_id(work.session, query.id), work)


@handler
async def list_price_lists(query: ListPriceLists, work: Work) -> Page[PriceListView]:
    found, cursor = await price_lists.one_page(work.session, query)
    return Page(items=await price_list_views(found, work), next=cursor)


@handler
async def list_price_rows(query: ListPriceRows, work: Work) -> Page[PriceRowView]:
    currency = (await price_lists.by_id(work.session, query.id)).currency
    found, cursor = await price_rows.one_page(work.session, query)
    names = await targets.names(work.session, ((row.scope, row.target_id) for row in found))
    items = [
        PriceRowView(
            id=row.id,
            scope=row.scope,
            target=names.get(row.target_id),
            target_id=row.target_id,
            min_qty=row.min_qty,
            max_qty=row.max_qty,
            kind=row.kind,
            value=written(row.kind, row.value, currency),
            reference=row.reference,
            version=row.version,
        )
        for row in found
    ]
    return Page(items=items, next=cursor)
