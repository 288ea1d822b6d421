"""The price a group has of its own."""

from services.catalog.repository import prices, products
from shared.contracts.catalog.prices import GetGroupPrice, GroupPriceNotFound, GroupPriceView
from shared.contracts.customers.groups import GroupNotFound
from shared.kernel.money import UnitPrice
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def get_group_price(query: GetGroupPrice, work: Work) -> GroupPriceView:
    variant = await products.variant(work.session, query.sku)
    if not await prices.group_exists(work.session, query.group_id):
        raise GroupNotFound
    row = await prices.find(work.session, variant.id, query.group_id, query.currency)
    if row is None:
        raise GroupPriceNotFound
    return GroupPriceView(
        id=row.id,
        variant_id=variant.id,
        sku=variant.sku,
        group_id=query.group_id,
        unit_price=UnitPrice(row.value, query.currency),
        version=row.version,
    )
