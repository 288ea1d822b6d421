"""Changes of what variants cost."""

from services.catalog.domain.prices import NOT_YET, check_change
from services.catalog.handlers.recording import record_change
from services.catalog.models import PriceRow, Product
from services.catalog.repository import base_prices, prices, products
from shared.contracts.catalog.price_lists import PriceListChanged, PriceListSnapshot
from shared.contracts.catalog.prices import GroupPriceView, SetBasePrice, SetGroupPrice
from shared.contracts.catalog.products import BasePriceView, ProductNotFound, ProductSheet
from shared.contracts.customers.groups import GroupNotFound
from shared.database.rows import lock
from shared.kernel.money import UnitPrice
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def set_base_price(command: SetBasePrice, work: Work) -> ProductSheet:
    variant = await products.variant(work.session, command.sku)
    product = await lock(work.session, Product, variant.product_id, ProductNotFound(), command.expected_version)
    price = BasePriceView.model_validate(command)
    await base_prices.put(work.session, [(variant.id, price)], work.as_of)
    return await record_change(product, work)


@handler
async def set_group_price(command: SetGroupPrice, work: Work) -> GroupPriceView:
    session = work.session
    variant = await products.variant(session, command.sku)
    if not await prices.group_exists(session, command.group_id):
        raise GroupNotFound
    own = await prices.lock_own_list(session, command.group_id, command.unit_price.currency)
    row = await prices.locked(session, own, variant.id)
    # A first price whose answer was lost can be sent again.
    if row.version != NOT_YET and command.expected_version is None and row.value == command.unit_price.amount:
        return group_price_view(command, row)
    check_change(row.version, command.expected_version)
    await prices.put(session, own, row, command.unit_price)
    work.emit(PriceListChanged(price_list=PriceListSnapshot.model_validate(own)))
    return group_price_view(command, row)


def group_price_view(command: SetGroupPrice, row: PriceRow) -> GroupPriceView:
    """Return what a group pays for a variant, as those who set prices see it."""
    return GroupPriceView(
        id=row.id,
        variant_id=row.target_id,
        sku=command.sku,
        group_id=command.group_id,
        unit_price=UnitPrice(row.value, command.unit_price.currency),
        version=row.version,
    )
