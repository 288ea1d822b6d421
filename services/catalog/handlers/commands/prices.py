"""Changes of what variants cost."""

from services.catalog.domain import products as rules
from services.catalog.domain.price_rows import check_fineness
from services.catalog.domain.replacing import NOT_YET, check_replaced
from services.catalog.handlers.recording.products import record_change
from services.catalog.handlers.views.prices import group_price_view
from services.catalog.models import Product
from services.catalog.repository import base_prices, catalog_settings, prices, products, projections
from shared.contracts.catalog.price_lists import PriceListChanged, PriceListSnapshot
from shared.contracts.catalog.prices import GroupPriceView, SetBasePrice, SetGroupPrice
from shared.contracts.catalog.products import BasePriceView, ProductNotFound, ProductSheet
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def set_base_price(command: SetBasePrice, work: Work) -> ProductSheet:
    variant = await products.variant(work.session, command.sku)
    product = await lock(work.session, Product, variant.product_id, ProductNotFound(), command.expected_version)
    price = BasePriceView.model_validate(command)
    scale = (await catalog_settings.read(work.session)).unit_price_scale
    rules.check(rules.faults_of_price(price, "", scale))
    await base_prices.put(work.session, [(variant.id, price)], work.as_of)
    return await record_change(product, work)


@handler
async def set_group_price(command: SetGroupPrice, work: Work) -> GroupPriceView:
    session = work.session
    check_fineness(command.unit_price, "/unit_price", (await catalog_settings.read(session)).unit_price_scale)
    variant = await products.variant(session, command.sku, kept=True)
    await projections.check_group(session, command.group_id)
    own = await prices.lock_own_list(session, command.group_id, command.unit_price.currency, command.mode)
    row = await prices.locked(session, own, variant.id)
    # A first price whose answer was lost can be sent again.
    if row.version != NOT_YET and command.expected_version is None and row.value == command.unit_price.amount:
        return group_price_view(row, own, command.sku, command.group_id)
    check_replaced(row.version, command.expected_version, "This group has a price")
    await prices.put(session, own, row, command.unit_price)
    work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(own)))
    return group_price_view(row, own, command.sku, command.group_id)
