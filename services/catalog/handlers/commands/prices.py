"""Changes of what variants cost."""

from services.catalog.domain.prices import NOT_YET, PUBLIC, check_change
from services.catalog.handlers.commands.products import shown
from services.catalog.handlers.views import group_price_view
from services.catalog.models import Product
from services.catalog.repository import prices, products
from shared.contracts.catalog.prices import (
    GroupPriceSnapshot,
    GroupPriceView,
    PriceListChanged,
    SetBasePrice,
    SetGroupPrice,
)
from shared.contracts.catalog.products import ProductChanged, ProductNotFound, ProductView
from shared.contracts.customers.groups import GroupNotFound
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def set_base_price(command: SetBasePrice, work: Work) -> ProductView:
    variant = await products.variant(work.session, command.sku)
    product = await lock(work.session, Product, variant.product_id, ProductNotFound(), command.expected_version)
    price = await prices.locked(work.session, variant.id, PUBLIC, command.unit_price.currency)
    await prices.put(work.session, price, command.unit_price)
    snapshot = await products.snapshot(work.session, product)
    work.emit(ProductChanged(product=snapshot))
    return await shown(snapshot, work, command.unit_price.currency)


@handler
async def set_group_price(command: SetGroupPrice, work: Work) -> GroupPriceView:
    variant = await products.variant(work.session, command.sku)
    if not await prices.group_exists(work.session, command.group_id):
        raise GroupNotFound
    row = await prices.locked(work.session, variant.id, command.group_id, command.unit_price.currency)
    # A first price whose answer was lost can be sent again.
    if row.version != NOT_YET and command.expected_version is None and row.price == command.unit_price:
        return group_price_view(variant.sku, row)
    check_change(row.version, command.expected_version)
    await prices.put(work.session, row, command.unit_price)
    # The event names the price, never its amount.
    work.emit(
        PriceListChanged(
            price=GroupPriceSnapshot(id=row.id, version=row.version, variant_id=variant.id, group_id=command.group_id)
        )
    )
    return group_price_view(variant.sku, row)
