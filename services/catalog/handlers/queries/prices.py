"""The price a group has of its own."""

from services.catalog.handlers.views.prices import group_price_view
from services.catalog.repository import prices, products, projections
from shared.contracts.catalog.prices import GetGroupPrice, GroupPriceNotFound, GroupPriceView
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_group_price(query: GetGroupPrice, work: Work) -> GroupPriceView:
    variant = await products.variant(work.session, query.sku)
    await projections.check_group(work.session, query.group_id)
    found = await prices.find(work.session, variant.id, query.group_id, query.currency, query.mode)
    if found is None:
        raise GroupPriceNotFound
    return group_price_view(*found, variant.sku, query.group_id)
