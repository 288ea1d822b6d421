"""Changes of what products lead to."""

from services.catalog.domain.links import check_links
from services.catalog.models import Product
from services.catalog.repository import links, products, targets
from shared.contracts.catalog.links import ProductLinks, SetProductLinks
from shared.contracts.catalog.price_lists import Scope
from shared.contracts.catalog.products import ProductChanged, ProductNotFound
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import Work


@handler
async def set_product_links(command: SetProductLinks, work: Work) -> ProductLinks:
    product = await lock(work.session, Product, command.id, ProductNotFound(), command.expected_version)
    unknown = await targets.unknown(work.session, Scope.PRODUCT, set(command.product_ids) - {command.id}, kept=True)
    check_links(product.id, command.product_ids, unknown)
    await links.put(work.session, product.id, command.link_kind, command.product_ids)
    work.emit(ProductChanged(product=await products.snapshot(work.session, product)))
    return await links.of_product(work.session, product)
